from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError

from .. import clock
from . import wording

# What a bureau's announcement usually says (notice, parts 1, 3 and 4). A draft to be edited, and so in Chinese.
ANNOUNCEMENT = Markup(
    "<h3>{name}公告</h3>"
    "<p>各县（市、区）人力资源和社会保障局，各有关企业、行业协会：</p>"
    "<p>根据《{policy}》（{code}），现将{name}有关事项公告如下：</p>"
    "<p><b>一、申报时间</b>　{opens}至{closes}（截止当日24时前报送有效，逾期不再受理）。</p>"
    "<p><b>二、申报对象</b>　在本市各企业单位直接从事一线技能工作，遵纪守法、爱岗敬业，符合所申报等级认定条件之一的职工。</p>"
    "<p><b>三、认定等级</b>　高级工（三级）、技师（二级）。职业（工种）以系统中可申报的目录为准。</p>"
    "<p><b>四、申报方式</b>　由企业或行业协会推荐，在系统中填报申请表（附件1）、汇总表（附件2）和佐证材料清单（附件3），"
    "上传佐证材料，原件备查。</p>"
    "<p><b>五、受理单位</b>　工作单位所在地县（市、区）人力资源和社会保障局；市本级由{bureau}受理。</p>"
    "<p><b>六、联系方式</b>　联系人：　　　　　联系电话：　　　　　</p>"
    "<p>{bureau}<br/>{today}</p>"
)


class Campaign(models.Model):
    _inherit = "skill.cert.campaign"

    def action_draft_announcement(self):
        """Fill in the usual announcement, for who keeps the campaign. Raises UserError where there is one already."""
        for campaign in self:
            if campaign.announcement and campaign.announcement.striptags().strip():
                raise UserError(self.env._("%s already has an announcement. Empty it first.", campaign.name))
            campaign.announcement = campaign._usual_announcement()

    def _usual_announcement(self):
        return ANNOUNCEMENT.format(
            name=self.name,
            policy=self.policy_id.name,
            code=self.policy_id.code,
            opens=wording.day(self.date_open),
            closes=wording.day(self.date_close),
            bureau=self.bureau_id.name,
            today=wording.day(clock.today()),
        )
