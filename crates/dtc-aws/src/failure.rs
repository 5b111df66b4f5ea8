//! What AWS's services say, in the words of the person who has to mend it.

use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use dtc_io::IoError;

/// `place`: the address as the user gave it; `resource`: the bucket or table in it.
pub(crate) fn failed<E, R>(place: &str, resource: &str, error: &SdkError<E, R>) -> IoError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    let told = |what: String, cure: &str| IoError::Remote { place: place.to_owned(), what, cure: cure.to_owned() };
    if let SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) = error {
        let what = format!("the service cannot be reached ({})", DisplayErrorContext(error));
        return told(what, "check the network, the region and --endpoint-url");
    }
    match error.code().unwrap_or_default() {
        "NoSuchBucket" => {
            told(format!("there is no bucket `{resource}`"), "check its name, or make it with `aws s3 mb`")
        }
        "ResourceNotFoundException" => told(
            format!("there is no table `{resource}` in this region"),
            &format!(
                "check its name, or make it with `aws dynamodb create-table --table-name {resource} \
                 --billing-mode PAY_PER_REQUEST --attribute-definitions AttributeName=partition_key,AttributeType=S \
                 AttributeName=range_key,AttributeType=S --key-schema AttributeName=partition_key,KeyType=HASH \
                 AttributeName=range_key,KeyType=RANGE`"
            ),
        ),
        "AccessDenied" | "AccessDeniedException" => told(
            format!("these credentials may not do that with `{resource}`"),
            "allow it in their policy, or use others (AWS_PROFILE)",
        ),
        "InvalidAccessKeyId"
        | "UnrecognizedClientException"
        | "SignatureDoesNotMatch"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidClientTokenId" => told(
            "AWS does not take these credentials".to_owned(),
            "renew them, or name others in AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        ),
        "ValidationException" => told(
            format!("`{resource}` does not fit ({})", error.message().unwrap_or_default()),
            "a table needs the keys partition_key and range_key, both texts",
        ),
        _ => told(format!("{}", DisplayErrorContext(error)), "try again; what was stored before is still there"),
    }
}
