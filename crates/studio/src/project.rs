//! Answers about projects and their documents.

use studio_api::*;

use crate::dispatch::Answer;
use crate::error::invalid;
use crate::studio::Studio;
use crate::{document_texts, documents, workspace};

impl Answer<ListTemplates> for Studio {
    fn answer(&self, _: ListTemplates) -> Result<Vec<Template>, ApiError> {
        workspace::templates(self)
    }
}

impl Answer<ListProjects> for Studio {
    fn answer(&self, _: ListProjects) -> Result<Vec<RecentProject>, ApiError> {
        workspace::recent(self)
    }
}

impl Answer<OpenTemplate> for Studio {
    fn answer(&self, command: OpenTemplate) -> Result<Project, ApiError> {
        workspace::open_template(self, &command.template)
    }
}

impl Answer<OpenProject> for Studio {
    fn answer(&self, command: OpenProject) -> Result<Project, ApiError> {
        let root = self.root(&command.project)?;
        workspace::open(self, &root)
    }
}

impl Answer<PickFolder> for Studio {
    fn answer(&self, _: PickFolder) -> Result<Option<Project>, ApiError> {
        let picked = self.native()?.pick_folder();
        picked.map(|folder| workspace::open(self, &folder)).transpose()
    }
}

impl Answer<ImportProject> for Studio {
    fn answer(&self, command: ImportProject) -> Result<Project, ApiError> {
        let files: Vec<_> = command.files.into_iter().map(|file| (file.document, file.text)).collect();
        workspace::import(self, &command.name, &files)
    }
}

impl Answer<ReadDocument> for Studio {
    fn answer(&self, command: ReadDocument) -> Result<DocumentText, ApiError> {
        documents::read(&self.root(&command.project)?, &command.document)
    }
}

impl Answer<WriteDocument> for Studio {
    fn answer(&self, command: WriteDocument) -> Result<DocumentText, ApiError> {
        let root = self.root(&command.project)?;
        let _writing = self.writing();
        documents::write(&root, &command.document, command.text, command.version.as_deref())
    }
}

impl Answer<CreateDocument> for Studio {
    fn answer(&self, command: CreateDocument) -> Result<DocumentInfo, ApiError> {
        let root = self.root(&command.project)?;
        let name = document_texts::file_name(&command.name, command.kind)?;
        if !documents::is_document_name(&name) {
            return Err(invalid(format!(
                "{:?} cannot be a document's name. Use letters, digits, - and _.",
                command.name
            )));
        }
        let text = document_texts::first_text(&root, &name, command.kind)?;
        let _writing = self.writing();
        documents::create(&root, &name, &text)?;
        Ok(DocumentInfo { name, kind: command.kind })
    }
}
