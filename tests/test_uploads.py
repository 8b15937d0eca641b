"""Files and exports (issue 7, Input): four kinds judged by their content on every road; no formula leaves the system."""

import base64
import csv
import functools
import io
import json
import zipfile
import zlib
from unittest import mock

import openpyxl
from pikepdf import Array, Dictionary, Encryption, Name, ObjectStreamMode, Stream, String
from PIL import Image

from odoo.addons.wz_skill_cert import bounded, upload_kinds
from odoo.addons.wz_skill_cert.controllers.export import as_text
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import LOGIN_SEQUENCE, PROOF, SkillCertCase, pdf

LIMIT = 20 * 2**20
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
OFD_ROOT = b'<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0"/>'
PICTURE = {"res_model": "skill.cert.application", "res_field": "photo"}


def picture(kind="PNG", size=(8, 8)):
    content = io.BytesIO()
    Image.new("1" if kind == "PNG" else "RGB", size).save(content, kind)
    return content.getvalue()


def archive(files, before=b""):
    content = io.BytesIO(before)
    content.seek(len(before))
    with zipfile.ZipFile(content, "a" if before else "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return content.getvalue()


def action(**entries):
    """Return what prepares a PDF that does something when it is opened."""

    def prepare(document):
        document.Root.OpenAction = Dictionary(**entries)

    return prepare


def link(**entries):
    """Return what prepares a PDF that does something when its link is pressed."""

    def prepare(document):
        annotation = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(**entries))
        document.pages[0].Annots = Array([annotation])

    return prepare


def attached(name, content):
    def prepare(document):
        document.attachments[name] = content

    return prepare


def many_pages(document):
    for _number in range(upload_kinds.MAX_PAGES):
        document.add_blank_page()


def form(document):
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(document, b"<xdp/>"))


def film(document):
    document.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=[0, 0, 9, 9])])


def key_stroke(document):
    document.pages[0].AA = Dictionary(O=Dictionary(S=Name.URI, URI=String("https://example.invalid")))


def unreferenced_script(document):
    document.make_indirect(Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))
    document.Root.Spare = document.make_indirect(Array([Dictionary(S=Name.JavaScript)]))


def raw_pdf(objects, stream):
    """Return a PDF written by hand whose fourth object is a compressed ``stream`` that holds the sixth."""
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction 6 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>",
        b"<</Type/ObjStm/N 1/First 4/Filter %s/Length %d>>stream\n%s\nendstream" % (objects, len(stream), stream),
    ]
    content, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = [(0, 0), *((1, offset) for offset in offsets), (1, len(content)), (2, 4)]
    table = b"".join(bytes([kind]) + place.to_bytes(4, "big") + b"\0" for kind, place in rows)
    content += b"5 0 obj\n<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>stream\n%s\nendstream\nendobj\n" % (
        len(table),
        table,
    )
    return content + b"startxref\n%d\n%%%%EOF\n" % rows[5][1]


def shared_page_tree(levels):
    """Return a PDF in which each node names the next ten times: 10 to the power of ``levels`` pages."""
    bodies = [b"<</Type/Catalog/Pages 3 0 R>>", b"<</Type/Page/Parent 3 0 R/MediaBox[0 0 9 9]>>"]
    for level in range(levels):
        child = b"2 0 R " if level == levels - 1 else b"%d 0 R " % (level + 4)
        bodies.append(b"<</Type/Pages/Count %d/Kids[%s]>>" % (10 ** (levels - level), child * 10))
    content, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(content))
    return content + head + table + end


@functools.cache
def refused_files():
    """Return {reason: [content]}: each reason with the files that are refused for it."""
    script = action(S=Name.JavaScript, JS=String("app.alert(1)"))
    flat = zlib.compress(b" " * 10**9, 9)
    comment = archive({"A.class": b"x"}, PROOF)
    end = comment.rfind(b"PK\x05\x06") + 20
    return {
        "empty": [b""],
        "kind": [SVG, b"<html></html>", b"GIF89a", b"MZ", b"\0" * 99, b"%PD", archive({"a.docx": b""}),
                 archive({"OFD.xml": b"<a/>"}), archive({"Doc/OFD.xml": OFD_ROOT})],
        "two_files": [picture() + b"<script>alert(1)</script>", picture("JPEG") + b"<html >",
                      archive({"A.class": b"x"}, picture()), archive({"A.class": b"x"}, picture("JPEG")),
                      comment[:end] + (6).to_bytes(2, "little") + b"%%EOF\n"],
        "image_damaged": [picture()[:40], b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", picture("JPEG")[:-2][:60]],
        "image_pixels": [picture(size=(8000, 8000)), picture(size=(30000, 30000))],
        "pdf_start": [b"\n" + PROOF, SVG + PROOF],
        "pdf_end": [PROOF + SVG, archive({"A.class": b"x"}, PROOF)],
        "pdf_damaged": [b"%PDF-1.4 invented proof", b"%PDF-1.7\n%%EOF", shared_page_tree(9),
                        raw_pdf(b"/FlateDecode", zlib.compress(b" " * 10**6))],
        "pdf_heavy": [raw_pdf(b"/FlateDecode", flat), raw_pdf(b"[/FlateDecode/FlateDecode]", zlib.compress(flat, 9))],
        "pdf_pages": [pdf(prepare=many_pages)],
        "pdf_password": [pdf(encryption=Encryption(user="u", owner="o"))],
        "pdf_script": [pdf(prepare=script), pdf(prepare=script, object_stream_mode=ObjectStreamMode.generate),
                       pdf(prepare=action(S=Name.URI, URI=String("https://example.invalid"))),
                       pdf(prepare=action(S=Name.Named, N=Name.Print)), pdf(prepare=key_stroke),
                       pdf(prepare=unreferenced_script), pdf(prepare=link(S=Name.JavaScript)),
                       pdf(prepare=link(S=Name.SubmitForm)), pdf(prepare=script, encryption=Encryption(owner="o"))],
        "pdf_form": [pdf(prepare=form)],
        "pdf_media": [pdf(prepare=film), pdf(prepare=link(S=Name.Rendition))],
        "pdf_program": [pdf(prepare=link(S=Name.Launch, F=String("calc.exe"))), pdf(prepare=attached("a.EXE", b"")),
                        pdf(prepare=attached("a.txt", b"MZ\x90")), pdf(prepare=link(S=Name.GoToE))],
        "ofd_damaged": [archive({"OFD.xml": OFD_ROOT, "../a.xml": b""}), archive({"OFD.xml": b"<"}), b"PK\x03\x04",
                        archive({"OFD.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})],
        "ofd_heavy": [archive({"OFD.xml": OFD_ROOT, "a.bin": b"0" * (upload_kinds.MAX_UNPACKED + 1)}),
                      archive({"OFD.xml": OFD_ROOT, **{f"{n}.xml": b"" for n in range(upload_kinds.MAX_ENTRIES)}})],
        "ofd_program": [archive({"OFD.xml": OFD_ROOT, "a.js": b""}),
                        archive({"OFD.xml": OFD_ROOT, "META-INF/MANIFEST.MF": b""})],
    }  # fmt: skip


@functools.cache
def accepted_files():
    """Return {kind: [content]} of files that people really have."""

    def turn_to(document):
        document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])

    def go_to(document):
        document.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([document.pages[0].obj, Name.Fit]))

    web = link(S=Name.URI, URI=String("https://example.invalid"))
    return {
        "pdf": [PROOF, PROOF + b"\n\0 \r\n", pdf(prepare=turn_to), pdf(prepare=go_to), pdf(prepare=web),
                pdf(object_stream_mode=ObjectStreamMode.generate), pdf(prepare=attached("invoice.xml", b"<a/>")),
                pdf(encryption=Encryption(owner="o"))],
        "jpeg": [picture("JPEG"), picture("JPEG") + b"a film after the photo"],
        "png": [picture(), picture(size=(7000, 7000))],
        "ofd": [archive({"OFD.xml": OFD_ROOT, "Doc_0/Document.xml": b"<a/>"})],
    }  # fmt: skip


@tagged("standard", "post_install", "-at_install")
class TestKinds(SkillCertCase):
    def test_what_people_have_is_accepted_as_what_it_is(self):
        for kind, contents in accepted_files().items():
            for number, content in enumerate(contents):
                with self.subTest(kind=kind, number=number):
                    self.assertEqual(upload_kinds.kind_of(content, LIMIT), kind)

    def test_each_bad_file_is_refused_for_its_reason(self):
        for reason, contents in refused_files().items():
            for number, content in enumerate(contents):
                with self.subTest(reason=reason, number=number):
                    with self.assertRaises(upload_kinds.Refused) as caught:
                        upload_kinds.kind_of(content, LIMIT)
                    self.assertEqual(caught.exception.args, (reason,))

    def test_the_limit_itself_is_accepted_and_one_byte_more_is_not(self):
        self.assertEqual(upload_kinds.kind_of(PROOF, len(PROOF)), "pdf")
        with self.assertRaisesRegex(upload_kinds.Refused, "too_large"):
            upload_kinds.kind_of(PROOF, len(PROOF) - 1)

    def test_a_pdf_that_never_ends_is_given_up(self):
        with (
            mock.patch.object(bounded, "SECONDS", 0),
            self.assertRaisesRegex(upload_kinds.Refused, "pdf_heavy"),
        ):
            upload_kinds.kind_of(pdf(prepare=many_pages), LIMIT)

    def test_every_reason_has_a_sentence_that_says_what_to_do(self):
        reasons = {*refused_files(), "too_large", "ofd_password"}
        for reason in reasons:
            self.assertIn("lease", self.env["ir.attachment"]._upload_refusal(reason, 20), reason)
        self.assertIn("20 MB", self.env["ir.attachment"]._upload_refusal("too_large", 20))
        password = self.env["ir.attachment"]._upload_refusal("pdf_password", 20)
        self.assertIn("save it as a PDF without password", password)


class RoadsCase(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.nominator.lang = "en_US"
        self.application = self._draft()
        self.material = self.application.material_ids[:1]
        self.achievement = self.application.achievement_ids
        self.attachments = self.env["ir.attachment"].with_user(self.nominator)


@tagged("standard", "post_install", "-at_install")
class TestRoads(RoadsCase):
    """No road leads a file past the check: field, line, parent, claim, content, type, message."""

    def _refused_roads(self, content):
        material, achievement, attachments = self.material, self.achievement, self.attachments
        beside = {"res_model": material._name, "res_id": material.id}
        file = {"name": "a.pdf", "raw": content, "mimetype": "application/pdf"}
        datas = {"name": "a.pdf", "datas": base64.b64encode(content)}
        line = [Command.create(file)]
        own = achievement.evidence_ids
        first, second, third = (attachments.create({**file, "mimetype": "text/plain"}) for _road in range(3))
        values = self._achievement_vals(self.nominator, evidence_ids=line)
        ledger = {**values, "employee_id": self._employee().id}
        return {
            "create": lambda: attachments.create({**file, **beside}),
            "create with datas": lambda: attachments.create({**datas, **beside}),
            "create before its record": lambda: attachments.create({**file, **beside, "res_id": 0}),
            "create by default values": lambda: attachments.with_context(
                default_res_model=material._name, default_res_id=material.id
            ).create(file),
            "content by default values": lambda: attachments.with_context(
                default_db_datas=base64.b64encode(content)
            ).create({"name": "a.pdf", **beside}),
            "database content": lambda: attachments.create({"name": "a", "db_datas": content, **beside}),
            "beside the application": lambda: attachments.create(
                {**file, "res_model": self.application._name, "res_id": self.application.id}
            ),
            "write content": lambda: own.write({"raw": content}),
            "write datas": lambda: own.write({"datas": base64.b64encode(content)}),
            "claim by link": lambda: material.write({"attachment_ids": [Command.link(first.id)]}),
            "claim by set": lambda: achievement.write({"evidence_ids": [Command.set(second.ids)]}),
            "claim by write": lambda: third.write(beside),
            "line": lambda: material.write({"attachment_ids": line}),
            "parent": lambda: self.application.write(
                {"material_ids": [Command.update(material.id, {"attachment_ids": line})]}
            ),
            "new line of a parent": lambda: self.application.write({"achievement_ids": [Command.create(values)]}),
            "ledger": lambda: self.env["hr.employee.achievement"].create(ledger),
            "as superuser": lambda: attachments.sudo().create({**file, **beside}),
            "message": lambda: self.application.message_post(body="x", attachments=[("a.pdf", content)]),
            "message, uploaded before": lambda: self.application.message_post(
                body="x",
                attachment_ids=attachments.create({**file, "res_model": "mail.compose.message", "res_id": 0}).ids,
            ),
            "message on the sheet": lambda: attachments.sudo().create(
                {**file, "res_model": "skill.cert.submission", "res_id": 0}
            ),
        }  # fmt: skip

    def test_a_bad_file_is_refused_on_every_road(self):
        for content in (SVG, pdf(prepare=action(S=Name.JavaScript, JS=String("app.alert(1)"))), b"MZ"):
            for road, step in self._refused_roads(content).items():
                with self.subTest(road=road, content=content[:8]), self.assertRaises(UserError) as caught:
                    step()
                    self.env.flush_all()
                self.assertRegex(str(caught.exception), "lease|Only admins can upload SVG", road)
                self.env.invalidate_all()

    def test_a_good_file_is_accepted_on_the_same_roads(self):
        for road, step in self._refused_roads(pdf("another")).items():
            if road == "content by default values":  # Odoo itself stores no content on this road
                continue
            with self.subTest(road=road):
                step()
                self.env.flush_all()

    def test_a_link_is_no_file(self):
        beside = {"res_model": self.material._name, "res_id": self.material.id}
        web = {"name": "a", "type": "url", "url": "https://example.invalid"}
        with self.assert_refused("instead of a link"):
            self.attachments.create({**web, **beside})
        loose = self.attachments.create(web)
        with self.assert_refused("instead of a link"):
            self.material.write({"attachment_ids": [Command.link(loose.id)]})
        with self.assert_refused("instead of a link"):
            self.achievement.evidence_ids.write({"type": "url", "url": "https://example.invalid"})

    def test_a_file_of_a_case_is_never_public(self):
        with self.assert_refused("never public"):
            self.achievement.evidence_ids.write({"public": True})

    def test_a_photo_is_a_picture(self):
        beside = {**PICTURE, "res_id": self.application.id}
        with self.assert_refused("JPEG or PNG"):
            self.attachments.create({"name": "photo", "raw": PROOF, **beside})
        with self.assertRaises(UserError):
            self.application.write({"photo": base64.b64encode(SVG)})
        self.application.write({"photo": base64.b64encode(picture("JPEG"))})
        self.assertTrue(self.application.photo)

    def test_name_and_type_follow_the_content(self):
        for content, name, kind in (
            (PROOF, "证书.html", "pdf"),
            (picture("JPEG"), "证书.svg", "jpeg"),
            (picture(), "证书", "png"),
            (accepted_files()["ofd"][0], "证书.docx", "ofd"),
        ):
            file = self.attachments.create({"name": name, "raw": content, "mimetype": "text/html"})
            self.material.attachment_ids = [Command.link(file.id)]
            self.assertEqual(file.mimetype, upload_kinds.MIMETYPES[kind])
            self.assertEqual(file.name, name + upload_kinds.EXTENSIONS[kind][0])
            file.write({"mimetype": "text/html", "name": "x.exe"})
            self.assertEqual(file.mimetype, upload_kinds.MIMETYPES[kind])
            self.assertEqual(file.name, "x.exe" + upload_kinds.EXTENSIONS[kind][0])

    def test_a_name_that_says_what_the_file_is_stays(self):
        for name in ("证书.pdf", "证书.PDF"):
            self.achievement.evidence_ids.name = name
            self.assertEqual(self.achievement.evidence_ids.name, name)

    def test_the_limit_is_a_setting(self):
        content = pdf("large", attached("a.xml", b"0123456789abcdef" * 2**16), compress_streams=False)
        self.assertGreater(len(content), 2**20)
        self.attachments.create({"name": "a.pdf", "raw": content, **self._beside()})
        settings = self.env["res.config.settings"].create({"skill_cert_upload_max_mb": 1})
        settings.execute()
        with self.assert_refused("larger than 1 MB"):
            self.attachments.create({"name": "a.pdf", "raw": content, **self._beside()})

    def _beside(self):
        return {"res_model": self.material._name, "res_id": self.material.id}

    def test_a_limit_that_makes_no_sense_is_refused(self):
        for values in (
            {"skill_cert_upload_max_mb": 0},
            {"skill_cert_upload_max_mb": 201},
            {"skill_cert_verify_per_minute": 0},
            {"skill_cert_verify_per_minute_in_all": -1},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.env["res.config.settings"].create(values)

    def test_until_it_is_set_the_limit_is_20_mb(self):
        self.assertEqual(self.env["res.config.settings"].create({}).skill_cert_upload_max_mb, 20)
        with self.assert_refused("larger than 20 MB"):
            self.attachments.create({"name": "a.pdf", "raw": b"%PDF-1.4" + b" " * LIMIT, **self._beside()})

    def test_the_same_bytes_are_judged_once(self):
        content = pdf("judged once")
        with mock.patch.object(upload_kinds, "kind_of", side_effect=upload_kinds.kind_of) as judge:
            first = self.attachments.create({"name": "a.pdf", "raw": content, **self._beside()})
            first.copy({"res_model": False, "res_id": 0}).write(self._beside())
            self.assertEqual(judge.call_count, 1)

    def test_other_files_of_the_database_are_none_of_our_business(self):
        partner = {"res_model": "res.partner", "res_id": self.enterprise.id}
        for vals in ({"raw": SVG}, {"raw": SVG, **partner}, {"type": "url", "url": "https://example.invalid"}):
            file = self.env["ir.attachment"].create({"name": "a.svg", **vals})
            self.assertEqual(file.name, "a.svg")


@tagged("standard", "post_install", "-at_install")
class TestUploadOverHttp(RoadsCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.nominator.write({"password": self.nominator.login})
        self.authenticate(self.nominator.login, self.nominator.login)

    def _post(self, road, content, **values):
        token = {"csrf_token": self._csrf_token()}
        return self.url_open(road, data={**values, **token}, files={"ufile": ("a.pdf", content, "application/pdf")})

    def _csrf_token(self):
        return self.url_open("/odoo").text.partition('csrf_token: "')[2].partition('"')[0]

    def test_the_web_client_is_told_why_and_nothing_is_kept(self):
        before = self.env["ir.attachment"].search_count([("name", "=", "a.pdf")])
        answer = self._post("/web/binary/upload_attachment", SVG, model=self.material._name, id=self.material.id)
        self.assertRegex(answer.json()[0]["error"], "PDF.*JPEG.*PNG.*OFD")
        thread = {"thread_model": self.application._name, "thread_id": self.application.id, "is_pending": "true"}
        answer = self._post("/mail/attachment/upload", SVG, **thread)
        self.assertRegex(answer.json()["error"], "PDF.*JPEG.*PNG.*OFD")
        self.assertEqual(self.env["ir.attachment"].search_count([("name", "=", "a.pdf")]), before)

    def test_a_good_file_arrives(self):
        answer = self._post("/web/binary/upload_attachment", PROOF, model=self.material._name, id=self.material.id)
        self.assertEqual(answer.json()[0]["mimetype"], "application/pdf")
        thread = {"thread_model": self.application._name, "thread_id": self.application.id, "is_pending": "true"}
        answer = self._post("/mail/attachment/upload", PROOF, **thread)
        self.assertTrue(answer.json()["data"]["attachment_id"])
        with mute_logger("odoo.http"):
            answer = self._post("/web/binary/upload_attachment", SVG, model="res.partner", id=0)
        self.assertEqual(answer.json()[0]["filename"], "a.pdf", "files of others arrive as ever")

    def test_a_file_is_served_so_that_no_browser_runs_it(self):
        for content, kind in ((PROOF, "application/pdf"), (picture(), "image/png")):
            file = self.attachments.create({"name": "证书.html", "raw": content, "mimetype": "text/html"})
            self.material.attachment_ids = [Command.link(file.id)]
            for query in ("", "?download=true"):
                answer = self.url_open(f"/web/content/{file.id}{query}")
                self.assertEqual(answer.content, file.raw)
                self.assertEqual(answer.headers["Content-Type"].partition(";")[0], kind)
                self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
                self.assertEqual(answer.headers["Content-Security-Policy"], "default-src 'none'")
            self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment"))


@tagged("standard", "post_install", "-at_install")
class TestExports(SkillCertCase, HttpCase):
    """What an enterprise types stays text in the spreadsheet that an officer opens."""

    FORMULAS = (
        "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1", " =1+1", "\n@x", '=HYPERLINK("http://x")', "=cmd|' /C x'!A0",
        "＝1+1", "＠SUM(A1)",
    )  # fmt: skip

    def _prepare(self):
        super()._prepare()
        self.user = new_test_user(
            self.env,
            f"exporter{next(LOGIN_SEQUENCE)}@test.invalid",
            groups="wz_skill_cert.group_nominator,base.group_allow_export",
        )
        self.user.password = self.user.login
        self.enterprise.nominator_user_ids = [Command.link(self.user.id)]
        lines = [Command.create({"date_start": "2005-07-01", "description": text}) for text in self.FORMULAS]
        self.application = self._draft(history_ids=lines, job="=1+1")
        self.env.flush_all()

    def setUp(self):
        super().setUp()
        self.authenticate(self.user.login, self.user.login)

    def _export(self, kind, model, names, **values):
        fields = [{"name": name, "label": name, "type": "char"} for name in names]
        data = {"model": model, "fields": fields, "ids": False, "domain": [], "import_compat": False, **values}
        answer = self.url_open(f"/web/export/{kind}", data={"data": json.dumps(data), "csrf_token": self._csrf_token()})
        self.assertEqual(answer.status_code, 200)
        return answer.content

    def _csrf_token(self):
        return self.url_open("/odoo").text.partition('csrf_token: "')[2].partition('"')[0]

    def _history(self, kind, **values):
        domain = [("application_id", "=", self.application.id)]
        return self._export(kind, "skill.cert.application.history", ["description"], domain=domain, **values)

    def test_csv_begins_no_cell_with_a_formula(self):
        rows = list(csv.reader(io.StringIO(self._history("csv").decode())))[1:]
        self.assertEqual(len(rows), len(self.FORMULAS))
        for (cell,) in rows:
            self.assertEqual(cell[0], "'")
        self.assertEqual(as_text("张示例"), "张示例")
        self.assertEqual((as_text(-5), as_text(False), as_text("")), (-5, False, ""))

    def test_xlsx_holds_text_and_no_formula(self):
        for values in ({}, {"groupby": ["application_id"]}):
            with self.subTest(**values):
                content = self._history("xlsx", **values)
                cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).active for cell in row]
                texts = [cell.value for cell in cells]
                self.assertIn("=1+1", texts)
                self.assertFalse([cell.value for cell in cells if cell.data_type == "f"])
                with zipfile.ZipFile(io.BytesIO(content)) as file:
                    sheet = file.read("xl/worksheets/sheet1.xml")
                self.assertNotIn(b"<f>", sheet)
                self.assertNotIn(b"<hyperlink", sheet)

    def test_a_group_named_like_a_formula_is_text_too(self):
        domain = [("id", "=", self.application.id)]
        content = self._export("xlsx", self.application._name, ["applicant_name"], domain=domain, groupby=["job"])
        cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).active for cell in row]
        self.assertTrue([cell for cell in cells if str(cell.value).startswith("=1+1")])
        self.assertFalse([cell.value for cell in cells if cell.data_type == "f"])
