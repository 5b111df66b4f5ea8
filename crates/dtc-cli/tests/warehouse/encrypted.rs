//! Against a PostgreSQL server with `ssl` on, by certificates of an authority that these tests make.
//!
//! The host is `0.0.0.0`: another machine by its name, and this one on Linux.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use super::server::{Identity, PASSWORD, USER, encrypted, psql_at};
use super::{document, dtc, events, json_lines};
use crate::{Place, Said};

const HOST: &str = "0.0.0.0";

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn make(name: &str) -> Authority {
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        Authority(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn identity(&self, host: &str) -> Identity {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Identity { certificate: certificate.pem(), key: key.serialize_pem() }
    }
}

fn place(port: u16) -> Place {
    let place = Place::make();
    let store = format!(
        "{{Type: ProductML:DTC:Store:Postgres, Name: marts, Host: {HOST}, Port: {port}, Database: postgres, \
         User: {USER}, Table: scores}}"
    );
    place.file("credit.dtc.yaml", document(&store, "first, linear"));
    place.file("events.jsonl", json_lines(&events()));
    place
}

fn write(place: &Place, trusted: Option<&str>) -> Said {
    let mut settings = vec![("DTC_MARTS_PASSWORD", PASSWORD)];
    settings.extend(trusted.map(|file| ("PGSSLROOTCERT", file)));
    dtc(place, &settings, &["attribute", ".", "--source", "events.jsonl", "--write", "marts"])
}

#[test]
fn who_the_authority_vouches_for_gets_the_scores_and_nobody_else() {
    let (own, stranger) = (Authority::make("of the tests"), Authority::make("a stranger"));
    let server = encrypted(&own.identity(HOST));
    let place = place(server.port);
    place.file("own.pem", own.0.pem());
    place.file("stranger.pem", stranger.0.pem());
    write(&place, Some("own.pem")).succeeds();
    let count = "SELECT count(*) FROM scores";
    assert_eq!(psql_at(server.port, "postgres", count).trim(), "8");
    psql_at(server.port, "postgres", "TRUNCATE scores");
    write(&place, Some("stranger.pem")).fails(1, "UnknownIssuer");
    write(&place, None).fails(1, "in PGSSLROOTCERT");
    write(&place, Some("missing.pem")).fails(1, "PGSSLROOTCERT cannot be read");
    assert_eq!(psql_at(server.port, "postgres", count).trim(), "0");
}

#[test]
fn a_certificate_of_another_host_is_refused() {
    let own = Authority::make("of the tests");
    let server = encrypted(&own.identity("db.example.com"));
    let place = place(server.port);
    place.file("own.pem", own.0.pem());
    write(&place, Some("own.pem")).fails(1, "and its host as they do");
}

#[test]
fn a_server_without_encryption_gets_no_password() {
    let place = place(super::server::port());
    write(&place, None).fails(1, "turn encryption on at the server");
}
