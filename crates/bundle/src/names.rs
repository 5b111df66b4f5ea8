//! Names: from DTC names to logical ids, stack names and the names that AWS services accept.

/// `offer_ai_v1` → `OfferAiV1`: letters and digits only, a capital after each other character.
pub fn logical_id(name: &str) -> String {
    let mut id = String::with_capacity(name.len());
    let mut capital = true;
    for character in name.chars() {
        if !character.is_ascii_alphanumeric() {
            capital = true;
        } else if capital {
            id.push(character.to_ascii_uppercase());
            capital = false;
        } else {
            id.push(character);
        }
    }
    id
}

/// A project's folder name as a stack name: a letter, then letters, digits and hyphens, at most 100.
/// A folder name without any of these gives `dtc`.
pub fn stack_name(project: &str) -> String {
    let mut name = String::with_capacity(project.len());
    for character in project.chars() {
        if character.is_ascii_alphanumeric() {
            name.push(character);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(96);
    let name = name.trim_end_matches('-');
    match name.chars().next() {
        None => "dtc".to_owned(),
        Some(first) if first.is_ascii_alphabetic() => name.to_owned(),
        Some(_) => format!("dtc-{name}"),
    }
}

/// Whether DynamoDB takes it as a table's name (with room for `-prod` behind it).
pub fn is_table_name(name: &str) -> bool {
    (3..=250).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

/// A table's name nearest to `name`, for help texts.
pub fn nearest_table_name(name: &str) -> String {
    let mut near: String =
        name.trim().chars().map(|c| if c.is_ascii_alphanumeric() || "_.-".contains(c) { c } else { '_' }).collect();
    near.truncate(250);
    while near.len() < 3 {
        near.push('_');
    }
    near
}

/// Whether S3 takes it as a bucket's name (with room for `-prod` behind it).
pub fn is_bucket_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let edge = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    (3..=58).contains(&bytes.len())
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(b))
        && edge(bytes.first())
        && edge(bytes.last())
        && !name.contains("..")
        && !name.split('.').all(|part| part.parse::<u8>().is_ok())
}

/// A prefix of S3 keys: no slash in front, one behind, or empty.
pub fn key_prefix(prefix: &str) -> String {
    let inner = prefix.trim_matches('/');
    if inner.is_empty() { String::new() } else { format!("{inner}/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_pascal_case() {
        assert_eq!(logical_id("offer_ai_v1"), "OfferAiV1");
        assert_eq!(logical_id("ProductMLExample"), "ProductMLExample");
        assert_eq!(logical_id("größe"), "GrE");
    }

    #[test]
    fn any_folder_names_a_stack() {
        assert_eq!(stack_name("offer"), "offer");
        assert_eq!(stack_name("2018 offers!"), "dtc-2018-offers");
        assert_eq!(stack_name("日本"), "dtc");
        assert_eq!(stack_name(""), "dtc");
    }

    #[test]
    fn service_names_follow_the_services() {
        assert!(is_table_name("ProductML_Test_Win_Ratios"));
        assert!(!is_table_name("a b c") && !is_table_name("ab"));
        assert!(is_bucket_name("offer-ai-example"));
        for bad in ["Offer", "a", "-ab", "ab-", "a..b", "1.2.3.4"] {
            assert!(!is_bucket_name(bad), "{bad}");
        }
        assert_eq!(key_prefix("/dtc-test/window/"), "dtc-test/window/");
        assert_eq!(key_prefix("/"), "");
    }
}
