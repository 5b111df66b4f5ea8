//! Placeholder of UI until DATA writes it.
pub fn from_tokens() -> ::charts::Style {
    let t = crate::page_js::token;
    ::charts::Style { background: t("--surface-0"), text: t("--text-1"), dim_text: t("--text-2"), grid: t("--line-1"), series: (1..8).map(|i| t(&format!("--series-{i}"))).collect(), font_family: "sans-serif".into(), font_size: 12 }
}
