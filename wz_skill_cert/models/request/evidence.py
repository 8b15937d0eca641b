"""The papers of a case beside its form: what the evidence viewer lists."""

from odoo import models

from ... import workflow

VIEWED_AS = {"application/pdf": "pdf", "image/jpeg": "image", "image/png": "image"}


class Application(models.Model):
    _inherit = "skill.cert.application"

    def evidence(self):
        """Return the papers of this application and their files, as far as the user may read them, for the viewer.

        What a file's record does not show, its file does not, and an expert receives no copy of the identity card. The
        files themselves are opened through Odoo's own address, which asks for the rights again and leaves the trace.

        :return: ``{application, title, may_check, may_verify, reasons, checked, total, papers}``. A paper is ``{key,
            model, id, group, name, note, files, …}`` with what was found about it, a file ``{id, name, kind, url}``,
            kind ``pdf``, ``image`` or ``other``.

        Raises AccessError for whoever does not read the case. The number of queries does not grow with the papers.
        """
        self.ensure_one()
        self.check_access("read")
        may_check = self.user_is_officer and workflow.row(self.state).checkable
        papers = self._evidence_papers()
        counted = [paper for paper in papers if self._is_to_be_checked(paper, may_check)]
        return {
            "application": self.id,
            "title": self.display_name,
            "may_check": may_check,
            "may_verify": self.user_may_verify,
            "reasons": self._refusal_wordings() if self.user_may_verify else [],
            "checked": sum(paper["checked"] for paper in counted),
            "total": len(counted),
            "papers": papers,
        }

    def _evidence_papers(self):
        """Return the papers in the order of 附件3, then the achievements: with this user's rights, never from a cache."""
        own = [("application_id", "=", self.id)]
        materials = self.env["skill.cert.material"].search(own)
        achievements = self.env["skill.cert.achievement"].search(own)
        # sudo: a search of linked files would weigh every file of the database; what is found is asked for one by one.
        linked = materials.sudo().attachment_ids | achievements.sudo().evidence_ids
        files = linked.with_env(self.env)._filtered_access("read")
        files.fetch(["name", "mimetype", "res_model", "res_id"])
        by_owner = files.grouped(lambda file: (file.res_model, file.res_id))
        return [
            {**paper._evidence_row(), "files": [_file_row(file) for file in by_owner.get((paper._name, paper.id), ())]}
            for paper in (*materials, *achievements)
        ]

    def _is_to_be_checked(self, paper, may_check):
        """Tell whether a paper counts for “7 of 9 checked”: copies for the officer alone, achievements for experts, too."""
        if paper["group"] == "achievements":
            return True
        return may_check and bool(paper["files"])

    def _refusal_wordings(self):
        return self.env["skill.cert.reason"].search([("kind", "=", "reject")]).mapped("name")


class Material(models.Model):
    _inherit = "skill.cert.material"

    def _evidence_row(self):
        return {
            "key": f"material-{self.id}",
            "model": self._name,
            "id": self.id,
            "group": "materials",
            "name": self.name,
            "note": self.remark or "",
            "required": self.required,
            "checked": self._is_checked(),
            "copies": self.copies,
            "copies_counted": self.copies_counted,
            "officer_remark": self.officer_remark or "",
        }


class Achievement(models.Model):
    _inherit = "skill.cert.achievement"

    def _evidence_row(self):
        return {
            "key": f"achievement-{self.id}",
            "model": self._name,
            "id": self.id,
            "group": "achievements",
            "name": self.name,
            "note": " · ".join(part for part in (self.type_id.name, self.detail) if part),
            "checked": self._is_checked(),
            "verified": self.verified,
            "refusal_reason": self.refusal_reason or "",
        }


def _file_row(file):
    # sudo: only whether it is there; whoever gets here reads the file.
    there = file.sudo()._stored_size()
    return {
        "id": file.id,
        "name": file.name if there else file.env._("%s (missing on the server)", file.name),
        "kind": VIEWED_AS.get(file.mimetype, "other") if there else "other",
        "url": f"/web/content/{file.id}",
    }
