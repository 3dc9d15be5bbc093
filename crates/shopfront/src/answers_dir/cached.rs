//! What was learned of a project since its saved answer: small where that still holds, whole where
//! the registry says more.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use shopfront_diagnostics::error::{Context, Error};
use shopfront_model::answers::Answer;

/// The version of the format.
const FORMAT: u32 = 1;

/// `.shopfront-cache/answers/<registry>/<name>.json`
#[derive(Serialize, Deserialize)]
pub(super) struct CachedAnswer {
    format: u32,
    /// The time of the saved answer that this one continues; `None` where there was none.
    continues: Option<Timestamp>,
    /// Whether the project is the one of that answer, and not repeated here.
    is_same_project: bool,
    answer: Answer,
}

impl CachedAnswer {
    /// What has to be kept of `answer` beside the `saved` one.
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

    /// Reads a file of ours; or says why it is none.
    pub(super) fn parse(bytes: &[u8]) -> Result<CachedAnswer, String> {
        let cached: CachedAnswer =
            serde_json::from_slice(bytes).map_err(|cause| cause.to_string())?;
        match cached.format {
            FORMAT => Ok(cached),
            other => Err(format!("expected format {FORMAT}, found {other}")),
        }
    }

    /// The file.
    pub(super) fn text(&self) -> Result<String, Error> {
        serde_json::to_string(self).with_context(|| "writing an answer".to_owned())
    }

    /// The answer, without its project where that is the saved one.
    pub(super) fn answer(&self) -> &Answer {
        &self.answer
    }

    /// As [`CachedAnswer::answer`].
    pub(super) fn into_answer(self) -> Answer {
        self.answer
    }

    /// Whether this says more of the project than the `saved` answer beside it.
    pub(super) fn is_news(&self, saved: Option<&Answer>) -> bool {
        self.holds(saved)
            && (!self.is_same_project
                || saved.is_some_and(|saved| saved.state != self.answer.state))
    }

    /// What is known, given the `saved` answer as it is today.
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

    /// Whether this still counts: another saved answer came, perhaps from another machine, when the
    /// one that this continues is not there any more. The later one counts then.
    fn holds(&self, saved: Option<&Answer>) -> bool {
        self.continues == saved.map(|saved| saved.checked_at)
            || !self.is_same_project
                && saved.is_none_or(|saved| saved.checked_at < self.answer.checked_at)
    }
}
