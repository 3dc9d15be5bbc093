//! Byte ranges of files: responses of a conforming index to `Range` (RFC 9110, section 14), and of
//! a nonconforming one.

use super::Request;
use super::connection::Answer;

/// Nonconforming response to `Range`. Requests for whole files get a valid response.
#[derive(Clone, Debug)]
pub(crate) enum RangeFault {
    /// 200 and the whole body.
    Ignored,
    /// 416 for every range.
    Refused416,
    /// 206 with the right bytes, and a wrong `Content-Range`.
    LyingContentRange,
    /// 206 with fewer bytes than `Content-Range` states.
    TooFewBytes,
    /// 206 as `multipart/byteranges`.
    Multipart,
    /// Different `ETag` in every response.
    ChangedBetween,
    /// Ranges, but the whole body for all but the first request.
    WholeAfterFirst,
}

/// Returns a range of a file. Pages are sent whole, as at the public index.
pub(super) fn healthy(answer: Answer, request: &Request) -> Answer {
    let is_page = answer.headers.iter().any(|(name, value)| {
        *name == "Content-Type" && (value.contains("json") || value.contains("html"))
    });
    if is_page {
        answer
    } else {
        part(answer, request)
    }
}

/// Returns the response with the given nonconformity. `count` is the number of requests so far.
pub(super) fn odd(whole: Answer, request: &Request, fault: &RangeFault, count: usize) -> Answer {
    let Some(range) = request.header("range") else {
        return whole;
    };
    match fault {
        RangeFault::Ignored => whole,
        RangeFault::WholeAfterFirst if !range.starts_with("bytes=-") => whole,
        RangeFault::WholeAfterFirst => part(whole, request),
        RangeFault::Refused416 => {
            let length = whole.body.len();
            Answer {
                status: "416 Range Not Satisfiable",
                body: Vec::new(),
                ..whole
            }
            .with("Content-Range", format!("bytes */{length}"))
        }
        RangeFault::LyingContentRange => {
            let length = whole.body.len();
            replaced(
                part(whole, request),
                "Content-Range",
                format!("bytes 0-9/{length}"),
            )
        }
        RangeFault::TooFewBytes => {
            let mut answer = part(whole, request);
            answer.body.pop();
            answer
        }
        RangeFault::Multipart => replaced(
            part(whole, request),
            "Content-Type",
            "multipart/byteranges; boundary=x".to_owned(),
        ),
        RangeFault::ChangedBetween => {
            replaced(part(whole, request), "ETag", format!("\"{count}\""))
        }
    }
}

fn replaced(mut answer: Answer, name: &'static str, value: String) -> Answer {
    answer.headers.retain(|(other, _)| *other != name);
    answer.with(name, value)
}

/// Returns 206 for one range within the body, 416 for one beyond it, and 200 for several ranges.
fn part(answer: Answer, request: &Request) -> Answer {
    let length = answer.body.len();
    let Some((first, last)) = request
        .header("range")
        .and_then(|text| text.strip_prefix("bytes=")?.split_once('-'))
    else {
        return answer;
    };
    let (first, end) = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Err(_), Ok(count)) => (length.saturating_sub(count), length),
        (Ok(first), Ok(last)) => (first, length.min(last + 1)),
        (Ok(first), Err(_)) if last.is_empty() => (first, length),
        _ => return answer,
    };
    if first >= end {
        let empty = Answer {
            status: "416 Range Not Satisfiable",
            body: Vec::new(),
            ..answer
        };
        return empty.with("Content-Range", format!("bytes */{length}"));
    }
    let body = answer.body[first..end].to_vec();
    Answer {
        status: "206 Partial Content",
        body,
        ..answer
    }
    .with(
        "Content-Range",
        format!("bytes {first}-{}/{length}", end - 1),
    )
}
