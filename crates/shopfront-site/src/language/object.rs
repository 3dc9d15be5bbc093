//! The words as templates see them: `{{ words.install }}`, `{{ words.plugins(count=3) }}`, `{{
//! words.time(at) }}`.

use std::sync::Arc;

use jiff::Timestamp;
use minijinja::value::{Kwargs, Object, from_args};
use minijinja::{Error, ErrorKind, State, Value};

use super::Language;
use shopfront_text::xml;

/// What templates call and no message can be called.
pub(super) const FORMATS: [&str; 5] = ["date", "month", "number", "size", "time"];

impl std::fmt::Debug for Language {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "words in `{}`", self.words.tag)
    }
}

impl Object for Language {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.words.page.get(key)?.whole()
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        match method {
            "date" => Ok(Value::from(self.date(timestamp(args)?))),
            "month" => Ok(Value::from(self.month(timestamp(args)?))),
            "number" => Ok(Value::from(self.number(from_args::<(u64,)>(args)?.0))),
            "size" => Ok(Value::from(self.size(from_args::<(u64,)>(args)?.0))),
            "time" => self.time(args),
            key => self.filled(key, args),
        }
    }
}

impl Language {
    /// `<time>` with the date in words. `age` says how a script adds the time that has passed
    /// since: `"instead"` of the date, or `"after"` it.
    fn time(&self, args: &[Value]) -> Result<Value, Error> {
        let (at, options): (&str, Kwargs) = from_args(args)?;
        let age = match options.get::<Option<&str>>("age")? {
            None => "",
            Some("instead") => " data-age",
            Some("after") => " data-age=\"after\"",
            Some(other) => {
                return Err(Error::new(
                    ErrorKind::InvalidOperation,
                    format!("`age` is \"instead\" or \"after\", not `{other}`"),
                ));
            }
        };
        options.assert_all_used()?;
        let date = self.date(timestamp(&args[..1])?);
        Ok(Value::from_safe_string(format!(
            "<time datetime=\"{}\"{age}>{}</time>",
            xml::escaped(at),
            xml::escaped(&date)
        )))
    }

    /// The message `key` with its placeholders filled: text is escaped, markup of the template is
    /// kept.
    fn filled(&self, key: &str, args: &[Value]) -> Result<Value, Error> {
        let message = self.words.page.get(key).ok_or_else(|| {
            Error::new(
                ErrorKind::UnknownMethod,
                format!("the catalogue of words has no `{key}`"),
            )
        })?;
        let (values,): (Kwargs,) = from_args(args)?;
        let count = if values.has("count") {
            values.peek::<Value>("count")?.as_usize()
        } else {
            None
        };
        let count = count.and_then(|it| u64::try_from(it).ok());
        let html = message.html(self, count, |name, html| {
            let value: Value = values.get(name)?;
            match (
                value.as_str(),
                value.as_i64().and_then(|it| u64::try_from(it).ok()),
            ) {
                (Some(markup), _) if value.is_safe() => html.push_str(markup),
                (Some(text), _) => html.push_str(&xml::escaped(text)),
                (None, Some(number)) => html.push_str(&xml::escaped(&self.number(number))),
                (None, None) => {
                    return Err(Error::new(
                        ErrorKind::InvalidOperation,
                        format!("`{name}` of `{key}` is neither text nor a number"),
                    ));
                }
            }
            Ok(())
        })?;
        Ok(Value::from_safe_string(html))
    }
}

/// A time as contexts write it.
fn timestamp(args: &[Value]) -> Result<Timestamp, Error> {
    let (at,): (&str,) = from_args(args)?;
    at.parse()
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, format!("`{at}` is no time")))
}
