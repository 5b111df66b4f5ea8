//! The chart pages' reports on the offer template.

use studio_api::*;

use crate::fixture::{Fixture, STREAMING};

#[test]
fn credit_and_rewards_of_the_offer_template_add_up() {
    let fixture = Fixture::new();
    let project = fixture.call(OpenTemplate { template: "offer-ai".into() }).unwrap().id;
    let credit = fixture.call(Attribute { project: project.clone(), document: None, drafts: vec![] }).unwrap();
    let models: Vec<&str> = credit.models.iter().map(|model| model.model.as_str()).collect();
    assert_eq!(models, ["first", "last"]);
    let totals = &credit.totals;
    assert!(totals.conversions > 0.0);
    for model in &credit.models {
        let given: f64 = model.conversions.iter().sum();
        assert!((given + totals.unattributed - totals.conversions).abs() < 1e-6, "{credit:?}");
        assert!(model.reconciled.as_ref().unwrap().holds);
    }
    let rewards = fixture.call(JoinRewards { project, document: None, drafts: vec![] }).unwrap();
    let counters = &rewards.counters;
    assert!(counters.joined > 0 && counters.defaulted > 0);
    assert_eq!(rewards.points.last().unwrap().decisions, counters.joined + counters.defaulted);
    let weighed: f64 = rewards.actions.iter().map(|action| action.mean * action.decisions as f64).sum();
    let mean = weighed / (counters.joined + counters.defaulted) as f64;
    assert!((rewards.points.last().unwrap().mean - mean).abs() < 1e-9);
}

#[test]
fn a_project_without_the_document_says_what_to_add() {
    let fixture = Fixture::new();
    let (project, _) = fixture.project(&[("a.yaml", STREAMING)]);
    let error = fixture.call(Attribute { project: project.id, document: None, drafts: vec![] }).unwrap_err();
    assert!(error.code == ErrorCode::NotFound && error.message.contains("attribution document"), "{error}");
}
