//! A diff without line numbers, applied to a text.

/// Applies the hunks of `diff`, which lines with `@@` separate, to `original`, in their order.
///
/// # Errors
/// The first hunk that does not match exactly one place behind the one before it.
pub(super) fn apply(original: &str, diff: &[String]) -> Result<String, String> {
    let original: Vec<&str> = original.lines().collect();
    let mut lines = Vec::new();
    let mut next = 0;
    for hunk in diff.split(|line| line == "@@") {
        let (old, new) = (side(hunk, '-')?, side(hunk, '+')?);
        if old == new {
            return Err("the diff changes nothing".to_owned());
        }
        let places: Vec<usize> = (next..original.len())
            .filter(|at| original[*at..].starts_with(&old))
            .collect();
        let [place] = places[..] else {
            return Err(format!(
                "expected the lines of the diff once in the original, found them {} times:\n{}",
                places.len(),
                old.join("\n")
            ));
        };
        lines.extend_from_slice(&original[next..place]);
        lines.extend(new);
        next = place + old.len();
    }
    lines.extend_from_slice(&original[next..]);
    Ok(lines.iter().flat_map(|line| [*line, "\n"]).collect())
}

/// The lines of one side of a hunk: those of both sides, and those marked with `sign`.
fn side(hunk: &[String], sign: char) -> Result<Vec<&str>, String> {
    let mut lines = Vec::new();
    for line in hunk {
        match line.chars().next() {
            // An empty line is one of both sides: editors cut the blank.
            None => lines.push(""),
            Some(first) if first == ' ' || first == sign => lines.push(&line[1..]),
            Some('-' | '+') => {}
            Some(_) => {
                return Err(format!(
                    "expected ` `, `-`, `+` or `@@` at the start of a line of a diff, found `{line}`"
                ));
            }
        }
    }
    Ok(lines)
}
