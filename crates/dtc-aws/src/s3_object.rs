//! Events in S3: one object, the objects below a prefix, or those that fit a pattern with `*` and `?`.

use std::io::{self, Read};

use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use dtc_expr::Mode;
use dtc_io::sources::is_data_file;
use dtc_io::{Input, IoError, Origin, Projection};

use crate::client::Aws;
use crate::failure::failed;

/// An object, as it was when it was looked up: one that is replaced while it is read is told.
#[derive(Clone)]
pub struct S3Object {
    aws: Aws,
    client: Client,
    bucket: String,
    key: String,
    size: u64,
    etag: String,
}

/// The objects that `s3://BUCKET/KEY` names: the object itself, the data below `KEY/`, or what a pattern fits.
pub fn s3_objects(aws: &Aws, address: &str) -> Result<Vec<S3Object>, IoError> {
    let told = |what: &str, cure: &str| IoError::Remote {
        place: address.to_owned(),
        what: what.to_owned(),
        cure: cure.to_owned(),
    };
    let path = address.strip_prefix("s3://").unwrap_or(address);
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    if bucket.is_empty() {
        return Err(told("the bucket is missing", "write s3://BUCKET/KEY"));
    }
    let objects = aws.wait(listed(&aws.s3(), address, bucket, fixed_part(key)))?;
    let wanted = |input: &&(String, u64, String)| {
        let name = &input.0;
        if is_pattern(key) {
            return fits(key.as_bytes(), name.as_bytes());
        }
        let below = key.is_empty() || key.ends_with('/') || name[key.len()..].starts_with('/');
        name == key || (below && is_data_file(name.as_ref()))
    };
    let exact = objects.iter().find(|(name, ..)| name == key && !key.is_empty());
    let chosen: Vec<&(String, u64, String)> = match exact {
        Some(object) => vec![object],
        None => objects.iter().filter(wanted).collect(),
    };
    if chosen.is_empty() {
        return Err(told("no object with data is there", "check the spelling; `aws s3 ls` shows what there is"));
    }
    let client = aws.s3();
    let input = |(key, size, etag): &(String, u64, String)| S3Object {
        aws: aws.clone(),
        client: client.clone(),
        bucket: bucket.to_owned(),
        key: key.clone(),
        size: *size,
        etag: etag.clone(),
    };
    Ok(chosen.into_iter().map(input).collect())
}

/// Key, size and tag of every object with this start, by key.
async fn listed(
    client: &Client,
    address: &str,
    bucket: &str,
    start: &str,
) -> Result<Vec<(String, u64, String)>, IoError> {
    let mut pages = client.list_objects_v2().bucket(bucket).prefix(start).into_paginator().send();
    let mut objects = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| failed(address, bucket, &error))?;
        objects.extend(page.contents.unwrap_or_default().into_iter().filter_map(|object| {
            let size = u64::try_from(object.size?).ok()?;
            Some((object.key?, size, object.e_tag.unwrap_or_default()))
        }));
    }
    objects.sort();
    Ok(objects)
}

fn is_pattern(key: &str) -> bool {
    key.contains(['*', '?'])
}

fn fixed_part(key: &str) -> &str {
    key.split(['*', '?']).next().unwrap_or_default()
}

/// `*` is any text without a slash, `**` any text, `?` one character without a slash.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    match pattern {
        [] => name.is_empty(),
        [b'*', b'*', rest @ ..] => (0..=name.len()).any(|from| fits(rest, &name[from..])),
        [b'*', rest @ ..] => {
            let end = name.iter().position(|byte| *byte == b'/').unwrap_or(name.len());
            (0..=end).any(|from| fits(rest, &name[from..]))
        }
        [b'?', rest @ ..] => name.first().is_some_and(|byte| *byte != b'/') && fits(rest, &name[1..]),
        [byte, rest @ ..] => name.first() == Some(byte) && fits(rest, &name[1..]),
    }
}

impl Origin for S3Object {
    fn shown(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.key)
    }

    fn name(&self) -> String {
        self.shown()
    }

    fn size(&self) -> Result<Option<u64>, IoError> {
        Ok(Some(self.size))
    }

    fn bytes(&self, from: u64, count: u64) -> Result<Box<dyn Read + Send>, IoError> {
        if count == 0 {
            return Ok(Box::new(io::empty()));
        }
        let get = self.client.get_object().bucket(&self.bucket).key(&self.key).if_match(&self.etag);
        let answer = self.aws.wait(get.range(format!("bytes={from}-{}", from + count - 1)).send());
        let answer = answer.map_err(|error| match error.code() {
            Some("PreconditionFailed") => IoError::Remote {
                place: self.shown(),
                what: "the object was replaced while it was read".to_owned(),
                cure: "run again".to_owned(),
            },
            _ => failed(&self.shown(), &self.bucket, &error),
        })?;
        Ok(Box::new(Body { aws: self.aws.clone(), body: answer.body, chunk: Vec::new(), place: 0 }))
    }

    fn open(&self, projection: &Projection, mode: Mode) -> Result<Input, IoError> {
        let bytes = self.bytes(0, self.size)?;
        Input::from_reader(&self.shown(), bytes, Some(self.size), projection, mode)
    }
}

/// An answer's bytes as they come.
struct Body {
    aws: Aws,
    body: ByteStream,
    chunk: Vec<u8>,
    place: usize,
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.place == self.chunk.len() {
            match self.aws.wait(self.body.try_next()).map_err(io::Error::other)? {
                Some(bytes) => (self.chunk, self.place) = (bytes.to_vec(), 0),
                None => return Ok(0),
            }
        }
        let count = buffer.len().min(self.chunk.len() - self.place);
        buffer[..count].copy_from_slice(&self.chunk[self.place..self.place + count]);
        self.place += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_stay_within_a_folder_unless_doubled() {
        for (pattern, name, expected) in [
            ("a/*.jsonl", "a/b.jsonl", true),
            ("a/*.jsonl", "a/b/c.jsonl", false),
            ("a/**.jsonl", "a/b/c.jsonl", true),
            ("dt=202?-*/x.gz", "dt=2026-01-01/x.gz", true),
            ("dt=202?-*/x.gz", "dt=2026/x.gz", false),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern.as_bytes(), name.as_bytes()), expected, "{pattern} {name}");
        }
    }
}
