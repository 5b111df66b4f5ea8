//! One object written in one step.

use aws_sdk_s3::primitives::ByteStream;
use dtc_io::IoError;

use crate::client::Aws;
use crate::failure::failed;

/// Puts the bytes in the place of whatever the key held. Readers see the old object or the new one.
pub fn put_object(aws: &Aws, bucket: &str, key: &str, bytes: Vec<u8>) -> Result<(), IoError> {
    let put = aws.s3().put_object().bucket(bucket).key(key).body(ByteStream::from(bytes));
    let answer = aws.wait(put.send());
    answer.map(drop).map_err(|error| failed(&format!("s3://{bucket}/{key}"), bucket, &error))
}
