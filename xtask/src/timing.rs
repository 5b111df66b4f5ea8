//! Steps with their time, as every command prints them.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Runs one step and prints how long it took.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("▸ {name}");
    let start = Instant::now();
    let result = work().with_context(|| format!("{name} failed"))?;
    println!("  {name}: {}", seconds(start.elapsed()));
    Ok(result)
}

pub fn seconds(time: Duration) -> String {
    let total = time.as_secs();
    if total >= 60 { format!("{} min {} s", total / 60, total % 60) } else { format!("{:.1} s", time.as_secs_f64()) }
}

#[cfg(test)]
mod tests {
    use super::seconds;
    use std::time::Duration;

    #[test]
    fn times_read_well() {
        assert_eq!(seconds(Duration::from_millis(1240)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 5 s");
    }
}
