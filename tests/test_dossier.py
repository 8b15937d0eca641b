"""The dossier holds the whole case, tells where each paper is, and loses no file without saying so."""

import hashlib
import io
import time
from unittest.mock import patch

import pikepdf
from PIL import Image
from pypdf import PdfReader

from odoo.addons.wz_skill_cert.reports import binder
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_papers import HOSTILE, LONG, PaperCase, squeezed

A4 = (595.3, 841.9)


def picture(size=(1200, 800), kind="JPEG", mode="RGB"):
    stream = io.BytesIO()
    Image.new(mode, size).save(stream, kind)
    return stream.getvalue()


def pdf_of(*sizes, rotate=0, password=None, javascript=False):
    """Return a PDF with a blank page of each size (points)."""
    stream = io.BytesIO()
    with pikepdf.new() as pdf:
        for size in sizes:
            page = pdf.add_blank_page()
            page.MediaBox = pikepdf.Array([0, 0, *size])
            if rotate:
                page.Rotate = rotate
        if javascript:
            script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
            pdf.Root.OpenAction = pdf.make_indirect(script)
        pdf.save(stream, encryption=pikepdf.Encryption(owner=password, user=password) if password else None)
    return stream.getvalue()


class DossierCase(PaperCase):
    def _attach(self, name, content):
        return self.env["ir.attachment"].with_user(self.nominator).create({"name": name, "raw": content})

    def _case(self, **files):
        """Return a submitted application whose last material has the given files."""
        draft = self._draft()
        # Files from before uploads were judged are not judged again, and a case may hold any of them.
        with patch.object(type(self.env["ir.attachment"]), "_accepted_kinds", lambda *_args: ()):
            attachments = [self._attach(name.replace("__", "."), content) for name, content in files.items()]
            draft.material_ids[-1:].attachment_ids = [Command.set([attachment.id for attachment in attachments])]
        draft.action_submit()
        return draft.with_user(self.county_officer)

    def _dossier(self, application, user=None):
        return PdfReader(io.BytesIO(self._print("dossier", application, user)))

    def _texts(self, reader):
        return [squeezed(page.extract_text()) for page in reader.pages]

    def _outline(self, reader):
        """Return [(depth, bookmark, page)], pages counted from 1."""
        reader.stream.seek(0)
        with pikepdf.open(reader.stream) as book, book.open_outline() as outline:
            found = []
            for section in outline.root:
                found.append((0, section.title, pikepdf.Page(section.destination[0]).index + 1))
                found += [(1, item.title, pikepdf.Page(item.destination[0]).index + 1) for item in section.children]
        return found

    def _places(self, reader):
        return {title: page for _depth, title, page in self._outline(reader)}


@tagged("standard", "post_install", "-at_install")
class TestContent(DossierCase):
    def _certified(self):
        application = self._case(scan__pdf=pdf_of(A4), photo__jpg=picture())
        application.action_return("身份证不清晰")
        self._settle(application).action_submit()
        application.action_accept()
        self._qualify(application)
        other = self._waiting_for_vote(1)
        self.session = self._session(application | other)
        self.other = other
        self.session.action_open()
        self._vote(self.session, 5, 2)
        self.session.action_close()
        application.action_certify()
        return application

    def test_it_holds_the_whole_case_in_order(self):
        application = self._certified()
        reader = self._dossier(application)
        titles = [title for depth, title, _page in self._outline(reader) if not depth]
        self.assertEqual(
            titles,
            [
                "封面及目录",
                "一、申请材料",
                "二、专家考评",
                "三、综合评审",
                "四、资格确认",
                "五、佐证材料",
                "六、业绩证明",
            ],
        )
        places = self._places(reader)
        experts = application.sudo().review_id.assessment_ids.expert_id
        expected = [
            *(f"专家考评表：{expert.name}" for expert in experts), "评审会议纪要摘录", "办理过程及证书信息", "scan.pdf", "photo.jpg",
            "退回通知书", "申请表（附件1）", "佐证材料清单（附件3）", "proof.pdf",
        ]  # fmt: skip
        for words in expected:
            self.assertTrue([title for title in places if words in title], words)
        text = "".join(self._texts(reader))
        self.assert_holds(text, application.certificate_id.number, self.session.seal, "身份证不清晰", "有效")

    def test_each_page_has_its_number_and_the_index_tells_where_things_are(self):
        application = self._certified()
        reader = self._dossier(application)
        texts = self._texts(reader)
        total = len(texts)
        for number, text in enumerate(texts, 1):
            self.assertEqual(text.count(f"案卷第{number}页共{total}页"), 1, number)
        places = self._places(reader)
        front = "".join(texts[: places["一、申请材料"] - 1])
        entries = [f"{squeezed(title)}{page}" for depth, title, page in self._outline(reader) if depth]
        self.assertGreater(len(entries), 10)
        for entry in entries:
            self.assertIn(entry, front)
        for title, words in (
            ("办理过程及证书信息", "办理过程及证书信息"),
            (next(title for title in places if "评审会议纪要" in title), "评审会议纪要（摘录）"),
            (next(title for title in places if "专家考评表" in title), "高技能人才直接认定专家考评表"),
        ):
            self.assertIn(words, texts[places[title] - 1])

    def test_the_extract_of_the_minutes_names_no_other_applicant(self):
        application = self._certified()
        text = "".join(self._texts(self._dossier(application)))
        self.assertIn("评审会议纪要摘录", text)
        self.assertNotIn(squeezed(self.other.applicant_name), text)

    def test_the_forms_in_it_are_the_kept_ones(self):
        application = self._case()
        self._print("application_form", application)
        view = self.env.ref("wz_skill_cert.application_form")
        view.arch = '<t t-name="wz_skill_cert.application_form"><html><body>改版</body></html></t>'
        text = "".join(self._texts(self._dossier(application)))
        self.assertNotIn("改版", text)
        self.assertIn("填表说明", text)

    def test_a_case_from_before_forms_were_kept(self):
        application = self._waiting_for_vote(1)
        places = self._places(self._dossier(application))
        self.assertTrue([title for title in places if "附件1" in title])
        self.assertEqual(len(application.paper_ids), 2)
        returned = self._waiting_for_vote(1)
        returned.sudo().write({"state": "returned", "reason": "补充"})
        self.assertIn("草稿", "".join(self._texts(self._dossier(returned))))

    def test_reasons_are_printed_whole(self):
        application = self._case()
        application.action_revoke(HOSTILE + LONG)
        text = "".join(self._texts(self._dossier(application)))
        self.assert_holds(text, HOSTILE, *(f"技讫{part}" for part in (0, 3)))


@tagged("standard", "post_install", "-at_install")
class TestFiles(DossierCase):
    def _page_of(self, name, application):
        reader = self._dossier(application)
        places = self._places(reader)
        page = next(page for title, page in places.items() if name in title)
        return reader.pages[page - 1]

    def test_what_cannot_be_bound_has_a_page_that_says_so(self):
        files = {
            "locked__pdf": (pdf_of(A4, password="secret"), "已加密"),
            "broken__pdf": (b"%PDF-1.7 broken", "损坏"),
            "empty__pdf": (pdf_of(), "没有页面"),
            # It opens, and fails only when its page is laid out.
            "shapeless__pdf": (pdf_of((0, 0)), "损坏"),
            "letter__docx": (b"PK\x03\x04 invented", "不能装订"),
            "broken__jpg": (picture()[:100], "图片损坏"),
            "drawing__svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "不能装订"),
        }
        application = self._case(**{name: content for name, (content, _reason) in files.items()})
        reader = self._dossier(application)
        texts, places = self._texts(reader), self._places(reader)
        for name, (content, reason) in files.items():
            name = name.replace("__", ".")
            page = next(page for title, page in places.items() if name in title)
            self.assert_holds(texts[page - 1], "未装订文件说明", name, reason, hashlib.sha256(content).hexdigest())

    def test_the_name_of_a_file_is_text(self):
        application = self._case(**{f"{HOSTILE}__docx": b"PK\x03\x04"})
        text = "".join(self._texts(self._dossier(application)))
        self.assertGreaterEqual(text.count(squeezed(HOSTILE)), 2)

    def test_foreign_pages_are_fitted_onto_a4(self):
        a3, slip = (841.9, 1190.6), (200, 100)
        for name, content, landscape in (
            ("a3__pdf", pdf_of(a3), False),
            ("turned__pdf", pdf_of(a3, rotate=90), True),
            ("slip__pdf", pdf_of(slip), True),
            ("wide__jpg", picture((4000, 500)), True),
            ("tall__png", picture((500, 4000), "PNG", "RGBA"), False),
        ):
            with self.subTest(name):
                application = self._case(**{name: content})
                page = self._page_of(name.replace("__", "."), application)
                size = (float(page.mediabox.width), float(page.mediabox.height))
                expected = A4[::-1] if landscape else A4
                self.assertAlmostEqual(size[0], expected[0], delta=0.5)
                self.assertAlmostEqual(size[1], expected[1], delta=0.5)
                application.with_user(self.nominator).action_withdraw()

    def test_every_page_and_every_picture_of_a_file_is_there(self):
        stream = io.BytesIO()
        frames = [Image.new("L", (100, 150), shade) for shade in (10, 100, 200)]
        frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
        application = self._case(scan__pdf=pdf_of(*[A4] * 7), fax__gif=stream.getvalue(), end__docx=b"PK\x03\x04")
        reader = self._dossier(application)
        names = {"scan.pdf": 7, "fax.gif": 3, "end.docx": 1}
        places = sorted((page, name) for title, page in self._places(reader).items() for name in names if name in title)
        ends = [page for page, _name in places[1:]] + [self._places(reader)["六、业绩证明"]]
        self.assertEqual({name: end - page for (page, name), end in zip(places, ends, strict=True)}, names)

    def test_nothing_in_a_file_runs(self):
        application = self._case(script__pdf=pdf_of(A4, javascript=True))
        pdf = self._print("dossier", application)
        with pikepdf.open(io.BytesIO(pdf)) as book:
            self.assertNotIn("/OpenAction", book.Root)
            self.assertNotIn("/AcroForm", book.Root)
            scripts = [item for item in book.objects if isinstance(item, pikepdf.Dictionary) and "/JS" in item]
        self.assertFalse(scripts)

    def test_what_is_filled_into_a_form_is_drawn(self):
        """A form field is drawn beside the page: laid onto another page it would be lost."""
        stream = io.BytesIO()
        with pikepdf.new() as pdf:
            page = pdf.add_blank_page(page_size=A4)
            look = pdf.make_stream(b"BT /F1 12 Tf 5 5 Td (filled in) Tj ET")
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
            look.update(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 200, 30],
                    Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)),
                )
            )  # fmt: skip
            note = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[100, 100, 300, 130], F=4,
                AP=pikepdf.Dictionary(N=look),
            )  # fmt: skip
            page.Annots = pdf.make_indirect(pikepdf.Array([note]))
            pdf.save(stream)
        page = self._page_of("stamped.pdf", self._case(stamped__pdf=stream.getvalue()))
        self.assertIn("filledin", squeezed(page.extract_text()))

    def test_fifty_files_in_some_seconds(self):
        """Measured on one core: 2 to 3 s of the processor for 50 files, half of them pictures of 8 megapixels."""
        files = {f"scan{n}__pdf": pdf_of(*[A4] * 4) for n in range(25)}
        files |= {f"photo{n}__jpg": picture((3264, 2448)) for n in range(25)}
        application = self._case(**files)
        began = time.process_time()
        reader = self._dossier(application)
        self.assertLess(time.process_time() - began, 20)
        self.assertGreater(len(reader.pages), 125)

    def test_a_picture_bomb_is_not_unpacked(self):
        with self.assertRaises(binder.Unreadable):
            binder.pages_of_image(picture((20000, 20000), "PNG", "1"))


@tagged("standard", "post_install", "-at_install")
class TestAccess(DossierCase):
    def test_it_is_for_officers_of_the_handling_bureau_and_of_its_city(self):
        application = self._accepted()
        self._start_assessment(application)
        expert = application.sudo().review_id.assessment_ids[0].user_id
        self.assert_printed_by(
            (self.county_officer, self.city_officer),
            (self.nominator, expert, self.other_officer, self.manager, self.plain_user),
            "dossier",
            application,
        )
        with self.assertRaises(AccessError):
            self._print("dossier", application, self.nominator)

    def test_a_county_does_not_print_what_the_citys_experts_found(self):
        application = self._qualified(level="technician")
        self._html("dossier", application)
        application.action_recommend()
        self.assertTrue(application.with_user(self.county_officer).has_access("read"))
        self.assert_printed_by((self.city_officer,), (self.county_officer,), "dossier", application)

    def test_the_city_sees_both_rounds(self):
        application = self._qualified(level="technician")
        application.action_recommend()
        city = application.with_user(self.city_officer)
        self._qualify(city)
        places = self._places(self._dossier(city, self.city_officer))
        for bureau in (self.county, self.city):
            self.assertEqual(len([title for title in places if f"（{bureau.name}）" in title]), 3)

    def test_a_draft_has_none(self):
        own = self._draft()
        # Who alone might ask: a unit's nominator and an officer of its bureau, as only an older database has one.
        self.county_officer.group_ids = [Command.link(self.env.ref("wz_skill_cert.group_nominator").id)]
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO skill_cert_nominator_user_rel (partner_id, user_id) VALUES (%s, %s)",
            [self.enterprise.id, self.county_officer.id],
        )
        self.env.invalidate_all()
        with self.assert_refused("before the submission"):
            self._html("dossier", own)
