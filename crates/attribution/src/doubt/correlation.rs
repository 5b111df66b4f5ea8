//! How alike two lists of credits are.

/// Pearson's correlation; NaN if one of the lists does not vary.
pub fn pearson(one: &[f64], other: &[f64]) -> f64 {
    let count = one.len().min(other.len()) as f64;
    let mean = |list: &[f64]| list.iter().sum::<f64>() / count;
    let (mean_one, mean_other) = (mean(one), mean(other));
    let (mut both, mut of_one, mut of_other) = (0.0, 0.0, 0.0);
    for (x, y) in one.iter().zip(other) {
        let (x, y) = (x - mean_one, y - mean_other);
        both += x * y;
        of_one += x * x;
        of_other += y * y;
    }
    if of_one == 0.0 || of_other == 0.0 {
        f64::NAN
    } else {
        (both / (of_one.sqrt() * of_other.sqrt())).clamp(-1.0, 1.0)
    }
}

/// Spearman's rank correlation: Pearson's of the ranks, equals sharing theirs.
pub fn spearman(one: &[f64], other: &[f64]) -> f64 {
    pearson(&shared_ranks(one), &shared_ranks(other))
}

fn shared_ranks(numbers: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    let mut ranks = vec![0.0; numbers.len()];
    let mut start = 0;
    while start < order.len() {
        let equal = order[start..].iter().take_while(|index| numbers[**index] == numbers[order[start]]).count().max(1);
        let rank = start as f64 + (equal as f64 + 1.0) / 2.0;
        order[start..start + equal].iter().for_each(|index| ranks[*index] = rank);
        start += equal;
    }
    ranks
}
