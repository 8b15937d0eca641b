"""How the files are called that clerks receive."""

# What files are called that hold these papers: with a number and no person's name.
FILE_NAMES = {
    "application_form": "申请表",
    "submission_summary": "汇总表",
    "material_list": "佐证材料清单",
    "return_notice": "退回通知书",
    "assessment_sheet": "专家考评表",
    "ballot_paper": "表决票",
    "session_minutes": "评审会议纪要",
    "minutes_extract": "评审会议纪要摘录",
    "publicity_list": "公示名单",
    "certificate": "职业资格证书",
}
FILE_MOMENTS = {
    "submitted": "提交",
    "returned": "退回",
    "assessed": "考评",
    "opened": "开始表决",
    "closed": "封存",
    "corrected": "更正后",
    "decided": "认定",
    "published": "公示",
    "issued": "发证",
}
