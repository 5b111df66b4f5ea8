//! `dtc format`.

use crate::{Place, STREAMING};

#[test]
fn documents_are_laid_out_in_place_and_once() {
    let place = Place::make();
    let ragged = STREAMING.replace("Name: plays", "Name:    plays # ours").replace("  - Type", "-   Type");
    place.file(
        "s.yaml",
        ragged.replace("-   Type: ProductML:DTC:Store:Memory\n    ", "- Type: ProductML:DTC:Store:Memory\n  "),
    );
    place.dtc(&["format", "--check", "s.yaml"]).fails(1, "would be laid out anew: s.yaml");
    place.dtc(&["format", "s.yaml"]).succeeds();
    assert_eq!(place.read("s.yaml"), STREAMING.replace("Name: plays", "Name: plays # ours"));
    assert_eq!(place.dtc(&["format"]).succeeds().err, "");
    place.dtc(&["format", "--check", "s.yaml"]).succeeds();
}

#[test]
fn what_cannot_be_read_stays() {
    let place = Place::make();
    place.file("s.yaml", "Type: a\n\tName: b\n");
    place.dtc(&["format", "s.yaml"]).fails(1, "DTC0102");
    assert_eq!(place.read("s.yaml"), "Type: a\n\tName: b\n");
    place.dtc(&["format", "missing.yaml"]).fails(1, "missing.yaml");
}
