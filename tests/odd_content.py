"""What real and hostile applicants bring: the contents with which the forms are measured and pictured."""

import base64
import io
from datetime import date
from unittest.mock import patch

from PIL import Image, ImageDraw

from odoo.fields import Command

from .common import resident_id
from .forms_common import FormsCase

TODAY = date(2026, 11, 24)
HOSTILE = "<script>alert('x')</script> & <img src=\"http://127.0.0.1:9/x.png\"> {{7*7}} =1+1"
# 姓名 of 15 characters with some of extension B, of which the common fonts have only the first two.
RARE_NAME = "示例𠮷𡈽𤭢㙍䶮𪚥𫖮𨭎龘靐齉爨氵"
EMPLOYER_OF_60 = "温州示例" + "智能装备制造与工业自动化技术研究开发" * 2 + "（集团）股份有限公司乐清市分公司（虚构）"
WORD_OF_8000 = "abcdefghij" * 800


def numbered(number, template):
    """Return a text whose every sentence is another, so that a lost one is missed."""
    return "".join(template.format(serial) for serial in range(number))


def portrait():
    """Return an invented face of 35 : 49, as a photo of 2寸 is."""
    picture = Image.new("RGB", (350, 490), "#5b8fc7")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((95, 90, 255, 290), fill="#e8c9a8")
    draw.rectangle((40, 330, 310, 490), fill="#37474f")
    draw.rectangle((3, 3, 346, 486), outline="#ffffff", width=4)
    content = io.BytesIO()
    picture.save(content, "PNG")
    return base64.b64encode(content.getvalue())


class OddContent(FormsCase):
    """Makes the cases; ``CASES`` names for each the form, what makes it, and the pages that are pictured."""

    CASES = {
        "blank": ("application_form", "_nothing", (0, 1, 2, 3, 4, 5)),
        "usual": ("application_form", "_usual", (0, 2, 4, 5)),
        "empty": ("application_form", "_empty", (0, 2)),
        "long-texts": ("application_form", "_long_texts", (3, 4, 13)),
        "history-40": ("application_form", "_long_history", (2, 3)),
        "contributions-30": ("application_form", "_long_contributions", (4, 5)),
        "rare-name": ("application_form", "_rare_name", (0, 2)),
        "dotted-name-english": ("application_form", "_dotted_name", (0, 2)),
        "employer-60": ("application_form", "_long_employer", (0, 2)),
        "markup": ("application_form", "_markup", (0, 2, 4)),
        "one-word": ("application_form", "_one_word", (2, 3)),
        "summary-blank": ("submission_summary", "_nothing", (0,)),
        "summary-30": ("submission_summary", "_long_sheet", (0, 1)),
        "materials-blank": ("material_list", "_nothing", (0,)),
        "materials-ticked": ("material_list", "_ticked", (0,)),
    }

    @classmethod
    def setUpClass(cls):
        # The day is on the papers: 工龄, and the year of 附件2.
        cls.startClassPatcher(patch("odoo.addons.wz_skill_cert.clock.today", return_value=TODAY))
        super().setUpClass()

    def _case(self, name):
        """Return the form and the record of a case; no record: a blank form."""
        form, maker, _pages = self.CASES[name]
        return form, getattr(self, maker)()

    def _nothing(self):
        return None

    def _usual(self):
        application = self._application(
            photo=portrait(),
            phone="13800000901",
            held_level="中级工（四级）",
            held_issuer="温州示例鉴定中心（虚构）",
            held_on=date(2014, 6, 8),
            title_name="助理工程师",
            title_date=date(2018, 12, 1),
            current_occupation="电工",
            technical_specialty="低压配电设备的安装、调试与故障排除；示例专长。",
            contact_name="林示例",
            employer_address="温州市示例区示例路 901 号（虚构）",
            summary=numbered(12, "一、爱岗敬业，遵纪守法，示例第 {} 句，完成了车间的安装和检修任务。\n"),
            mentoring="带徒两名，均为虚构。",
            recommendation="该同志技术过硬，业绩突出，同意推荐。",
            contribution_ids=self._contributions(3),
        )
        # The date on the cover; as superuser, as it is guarded.
        application.sudo().write({"state": "submitted", "submitted_on": "2026-11-24 02:00:00"})
        # As the step itself does: a paper that is kept later than its step says so.
        application.sudo()._keep("submitted", "application_form", "material_list")
        return application

    def _contributions(self, number):
        return [
            Command.create(
                {
                    "date_start": date(1990 + serial, 3, 1),
                    "date_end": date(1990 + serial, 9, 30),
                    "unit": f"温州示例车间{serial:02d}（虚构）",
                    "description": f"项目{serial:02d}：改进示例设备的接线和保护，减少停机，提高效率。",
                    "result": f"成果{serial:02d}，年节约示例万元",
                    "witness": f"证人{serial:02d}",
                }
            )
            for serial in range(number)
        ]

    def _empty(self):
        """A record in which nothing is stated that may be left out."""
        empty = dict.fromkeys(("applicant_name", "id_number", "sex", "birth_date", "education", "phone"), False)
        return self._application(
            **empty, occupation_id=False, employer_name=False, employer_address=False, career_start=False,
            occupation_start=False, summary=False, recommendation=False, history_ids=[],
        )  # fmt: skip

    def _long_texts(self):
        return self._application(
            summary=numbered(800, "第{:04d}句，总结。"),
            mentoring=numbered(800, "第{:04d}名，徒弟。"),
            recommendation=numbered(800, "第{:04d}句，推荐。"),
        )

    def _long_history(self):
        return self._application(history_ids=self._histories(40))

    def _long_contributions(self):
        return self._application(contribution_ids=self._contributions(30))

    def _rare_name(self):
        return self._application(applicant_name=RARE_NAME, contact_name=RARE_NAME)

    def _dotted_name(self):
        return self._application(
            applicant_name="阿卜杜热合曼·买买提艾力示例",
            current_occupation="Electrician 电工 (CNC)",
            job="Senior PLC programmer 高级编程",
            technical_specialty="PLC/SCADA 编程, FANUC 0i-MF 数控系统, ≤0.02 mm 精度, α=30°, 5×10⁻³ Ω·m",
            employer_name="Wenzhou Example Electric Co., Ltd.（虚构）",
            summary="使用 AutoCAD 2024 与 Python 3.11 完成 I/O 点表（256 points），error rate < 0.1 %。",
        )

    def _long_employer(self):
        return self._application(employer_name=EMPLOYER_OF_60, employer_address=EMPLOYER_OF_60)

    def _markup(self):
        line = dict.fromkeys(("unit", "description", "result", "witness"), HOSTILE)
        return self._application(
            **dict.fromkeys(
                (
                    "applicant_name", "employer_name", "employer_address", "technical_specialty", "job", "summary",
                    "mentoring", "recommendation", "contact_name", "title_name", "held_level", "held_issuer",
                    "current_occupation",
                ),
                HOSTILE,
            ),
            history_ids=[Command.create({"date_start": "2005-07-01", "description": HOSTILE, "witness": HOSTILE})],
            contribution_ids=[Command.create({"date_start": "2019-01-01", **line})],
        )  # fmt: skip

    def _one_word(self):
        return self._application(
            applicant_name="W" * 40,
            id_number=resident_id(date(1985, 5, 20), 903),
            summary=WORD_OF_8000,
            history_ids=[
                Command.create({"date_start": "2005-07-01", "description": "x" * 900, "witness": "Witness" * 9})
            ],
        )

    def _long_sheet(self):
        sheet = self._sheet(29, phone="13800000901", job="电工", employer_assets=12850.5)
        self._application(
            submission_id=sheet.id, applicant_name=RARE_NAME, employer_name=EMPLOYER_OF_60, job="W" * 40,
            id_number=resident_id(date(1990, 1, 1)), birth_date=date(1990, 1, 1), phone="19900000901",
        )  # fmt: skip
        return sheet

    def _ticked(self):
        application = self._application(phone="13800000901", employer_name=EMPLOYER_OF_60)
        materials = application.material_ids.sorted("sequence")
        materials[3:6].copies = 2
        materials[5].name = numbered(60, "第{}份论文")
        # sudo: an officer's tick, here without the way that leads there
        materials[3:6].sudo().original_seen = True
        return application
