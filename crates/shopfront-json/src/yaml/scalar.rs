//! Types of plain scalars, as determined by YAML 1.1 parsers.

use serde_json::Value;

/// Types of scalars.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    /// Empty, `~`, `null`.
    Null,
    /// Boolean: `yes`, `off`, `true`.
    Bool(bool),
    /// Integer; `None` if it exceeds 64 bits.
    Integer(Option<i64>),
    /// Number with a point, including infinities and NaN.
    Float(f64),
    /// Date, or date and time.
    Timestamp,
    /// `<<`, which merges the members of another mapping.
    Merge,
    /// String.
    Text,
}

/// Function that determines the type of a scalar without quotes and tag.
pub type Typing = fn(&str) -> Scalar;

impl Scalar {
    /// Returns the type for messages.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Scalar::Null => "nothing",
            Scalar::Bool(_) => "a truth value",
            Scalar::Integer(_) => "a whole number",
            Scalar::Float(_) => "a number",
            Scalar::Timestamp => "a date",
            Scalar::Merge => "a merge",
            Scalar::Text => "a text",
        }
    }

    /// Returns the JSON value; `None` if it is represented by its text.
    pub(super) fn value(self) -> Option<Value> {
        match self {
            Scalar::Null => Some(Value::Null),
            Scalar::Bool(it) => Some(Value::Bool(it)),
            Scalar::Integer(it) => it.map(Value::from),
            Scalar::Float(it) => serde_json::Number::from_f64(it).map(Value::Number),
            Scalar::Timestamp | Scalar::Merge | Scalar::Text => None,
        }
    }
}

/// Determines the type by the rules of YAML 1.1 in PyYAML (`yaml.safe_load`). `no` is a boolean,
/// `1.10` a number, `010` is 8, `12:30` is 750, and `1e3`, which has no point, is a string.
pub fn yaml_1_1(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Scalar::Bool(true);
        }
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Scalar::Bool(false);
        }
        "<<" => return Scalar::Merge,
        ".nan" | ".NaN" | ".NAN" => return Scalar::Float(f64::NAN),
        _ => {}
    }
    if is_timestamp(text) {
        return Scalar::Timestamp;
    }
    let (is_negative, digits) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if let Some(number) = integer(digits) {
        return Scalar::Integer(number.and_then(|it| {
            if is_negative {
                it.checked_neg()
            } else {
                Some(it)
            }
        }));
    }
    // `.5` has no sign in these rules.
    let has_sign = digits.len() < text.len();
    float(digits, has_sign).map_or(Scalar::Text, |it| {
        Scalar::Float(if is_negative { -it } else { it })
    })
}

/// Parses an integer without its sign; the inner `None` is an integer of more than 64 bits.
fn integer(text: &str) -> Option<Option<i64>> {
    let plain = |digits: &str, radix: u32| {
        let is_one = !digits.is_empty() && digits.chars().all(|it| it == '_' || it.is_digit(radix));
        is_one.then(|| i64::from_str_radix(&digits.replace('_', ""), radix).ok())
    };
    if text == "0" {
        return Some(Some(0));
    }
    if let Some(digits) = text.strip_prefix("0b") {
        return plain(digits, 2);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return plain(digits, 16);
    }
    if let Some(digits) = text.strip_prefix('0') {
        return plain(digits, 8);
    }
    if !text.starts_with(|it: char| it.is_ascii_digit()) {
        return None;
    }
    let Some((first, rest)) = text.split_once(':') else {
        return plain(text, 10);
    };
    let mut number = plain(first, 10)?;
    for part in rest.split(':') {
        number = number.and_then(|it| it.checked_mul(60)?.checked_add(sixtieths(part)?));
        sixtieths(part)?;
    }
    Some(number)
}

/// Parses `[0-5]?[0-9]`, the later parts of a sexagesimal number.
fn sixtieths(part: &str) -> Option<i64> {
    let is_one = (1..=2).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_digit());
    part.parse().ok().filter(|number| is_one && *number < 60)
}

/// Parses a number with a point, without its sign.
fn float(text: &str, has_sign: bool) -> Option<f64> {
    if matches!(text, ".inf" | ".Inf" | ".INF") {
        return Some(f64::INFINITY);
    }
    let (whole, behind) = text.split_once('.')?;
    let is_digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit() || it == b'_');
    let begins = |it: &str| it.starts_with(|it: char| it.is_ascii_digit());
    if let Some((first, rest)) = whole.split_once(':') {
        let mut number = begins(first)
            .then_some(first)
            .filter(|it| is_digits(it))?
            .replace('_', "")
            .parse::<f64>()
            .ok()?;
        for part in rest.split(':') {
            number = number * 60.0 + f64::from(i32::try_from(sixtieths(part)?).ok()?);
        }
        let fraction = is_digits(behind)
            .then(|| format!("0.{}", behind.replace('_', "")).parse::<f64>().ok())??;
        return Some(number + fraction);
    }
    let (fraction, exponent) = match behind.find(['e', 'E']) {
        Some(at) => (&behind[..at], Some(&behind[at + 1..])),
        None => (behind, None),
    };
    // The sign of the exponent is required in these rules.
    let is_exponent = |it: &str| {
        it.strip_prefix(['-', '+'])
            .is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()))
    };
    let is_one = if whole.is_empty() {
        begins(fraction) && !has_sign
    } else {
        begins(whole) && is_digits(whole)
    };
    let is_float = is_one && is_digits(fraction) && exponent.is_none_or(is_exponent);
    is_float
        .then(|| format!("0{}", text.replace('_', "")).parse().ok())
        .flatten()
}

/// Returns `true` for `2026-11-20`, optionally with a time of day.
fn is_timestamp(text: &str) -> bool {
    let Some((year, rest)) = text.split_once('-') else {
        return false;
    };
    let Some((month, rest)) = rest.split_once('-') else {
        return false;
    };
    let (day, time) = rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count());
    let is_number = |it: &str, least: usize, most: usize| {
        (least..=most).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_digit())
    };
    if !is_number(year, 4, 4) || !is_number(month, 1, 2) || !is_number(day, 1, 2) {
        return false;
    }
    if time.is_empty() {
        return month.len() == 2 && day.len() == 2;
    }
    let clock = time
        .strip_prefix(['T', 't'])
        .unwrap_or_else(|| time.trim_start_matches([' ', '\t']));
    clock.len() < time.len() && is_time(clock)
}

/// Returns `true` for `1:02:03.5 +01:00`.
fn is_time(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(3, ':').collect();
    let &[hour, minute, rest] = parts.as_slice() else {
        return false;
    };
    let is_digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let is_clock = is_digits(hour) && hour.len() <= 2 && is_digits(minute) && minute.len() == 2;
    let Some((_, rest)) = rest
        .split_at_checked(2)
        .filter(|(second, _)| is_clock && is_digits(second))
    else {
        return false;
    };
    let rest = rest.strip_prefix('.').map_or(rest, |it| {
        it.trim_start_matches(|it: char| it.is_ascii_digit())
    });
    let zone = rest.trim_start_matches([' ', '\t']);
    if rest.is_empty() || zone == "Z" {
        return true;
    }
    let Some(offset) = zone.strip_prefix(['-', '+']) else {
        return false;
    };
    let (hours, minutes) = offset
        .split_once(':')
        .map_or((offset, None), |(hours, minutes)| (hours, Some(minutes)));
    is_digits(hours) && hours.len() <= 2 && minutes.is_none_or(|it| is_digits(it) && it.len() == 2)
}
