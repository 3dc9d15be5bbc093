//! Cached continuation of a saved answer: without the project if this is unchanged, complete if the
//! registry has changes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use shopfront_diagnostics::error::{Context, Error};
use shopfront_model::answers::Answer;

/// Version of the format.
const FORMAT: u32 = 1;

/// Cached answer in `.shopfront-cache/answers/<registry>/<name>.json`.
#[derive(Serialize, Deserialize)]
pub(super) struct CachedAnswer {
    format: u32,
    /// Time of the saved answer that this one continues. `None` if there was none.
    continues: Option<Timestamp>,
    /// `true` if the project equals that of the saved answer and is omitted here.
    is_same_project: bool,
    answer: Answer,
}

impl CachedAnswer {
    /// Returns the part of `answer` to keep beside the `saved` one.
    pub(super) fn of(saved: Option<&Answer>, answer: &Answer) -> CachedAnswer {
        let is_same_project = saved.is_some_and(|saved| saved.project == answer.project);
        let project = if is_same_project {
            None
        } else {
            answer.project.clone()
        };
        let continues = saved.map(|saved| saved.checked_at);
        CachedAnswer {
            format: FORMAT,
            continues,
            is_same_project,
            answer: Answer {
                project,
                ..answer.clone()
            },
        }
    }

    /// Parses a cache file. The error is the reason why it is invalid.
    pub(super) fn parse(bytes: &[u8]) -> Result<CachedAnswer, String> {
        let cached: CachedAnswer =
            serde_json::from_slice(bytes).map_err(|cause| cause.to_string())?;
        match cached.format {
            FORMAT => Ok(cached),
            other => Err(format!("expected format {FORMAT}, found {other}")),
        }
    }

    /// Returns the text of the file.
    pub(super) fn text(&self) -> Result<String, Error> {
        serde_json::to_string(self).with_context(|| "writing an answer".to_owned())
    }

    /// Returns the answer, without its project if that equals the saved one.
    pub(super) fn answer(&self) -> &Answer {
        &self.answer
    }

    /// Returns the answer like [`CachedAnswer::answer`], by value.
    pub(super) fn into_answer(self) -> Answer {
        self.answer
    }

    /// Returns `true` if this contains changes of the project over the `saved` answer.
    pub(super) fn is_news(&self, saved: Option<&Answer>) -> bool {
        self.holds(saved)
            && (!self.is_same_project
                || saved.is_some_and(|saved| saved.state != self.answer.state))
    }

    /// Returns the current answer, given the `saved` one.
    pub(super) fn over(self, saved: Option<Answer>) -> Option<Answer> {
        match (self.holds(saved.as_ref()), self.is_same_project, saved) {
            (true, true, Some(saved)) => Some(Answer {
                project: saved.project,
                ..self.answer
            }),
            (true, _, _) => Some(self.answer),
            (false, _, saved) => saved,
        }
    }

    /// Returns `true` if this is still valid. If the saved answer is not the one that this
    /// continues, another one arrived, possibly from another machine. The later one counts then.
    fn holds(&self, saved: Option<&Answer>) -> bool {
        self.continues == saved.map(|saved| saved.checked_at)
            || !self.is_same_project
                && saved.is_none_or(|saved| saved.checked_at < self.answer.checked_at)
    }
}
