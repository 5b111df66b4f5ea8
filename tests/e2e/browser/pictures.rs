//! Every main screen at two sizes in both themes, for people to look at.

use anyhow::Result;
use serde_json::json;

use crate::opening::TEMPLATE;
use crate::session::with_studio;

const SIZES: [(u32, u32); 2] = [(1280, 800), (1920, 1080)];
const THEMES: [&str; 2] = ["light", "dark"];

pub async fn pictures_of_every_screen() -> Result<()> {
    with_studio("pictures_of_every_screen", async |session| {
        let page = &session.page;
        for theme in THEMES {
            page.run("localStorage.setItem('dtc.theme', arguments[0])", vec![json!(theme)]).await?;
            page.client.goto(&session.host.address).await?;
            page.until(
                "the theme",
                "return document.documentElement.dataset.theme === arguments[0]",
                vec![json!(theme)],
            )
            .await?;
            start(session, theme).await?;
            for (screen, sign) in [
                ("author", "data-table"),
                ("attribution", "credit-table"),
                ("bandit", "action-table"),
                ("export", "export-text"),
            ] {
                page.click(&format!("page-{screen}")).await?;
                page.appears(sign).await?;
                for (width, height) in SIZES {
                    page.resize(width, height).await?;
                    page.picture(&format!("{screen}-{theme}-{width}")).await?;
                }
            }
        }
        Ok(())
    })
    .await
}

async fn start(session: &crate::session::Session, theme: &str) -> Result<()> {
    let page = &session.page;
    let on_start = page.run("return document.querySelector('.start') !== null", vec![]).await? == json!(true);
    if !on_start {
        page.click("project-menu").await?;
        page.click("close-project").await?;
    }
    page.appears(&format!("template-{TEMPLATE}")).await?;
    for (width, height) in SIZES {
        page.resize(width, height).await?;
        page.picture(&format!("start-{theme}-{width}")).await?;
    }
    page.open_template(TEMPLATE).await?;
    page.is_live().await
}
