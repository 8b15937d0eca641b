"""How the files are called that clerks receive."""

# What files are called that hold these papers: with a number and no person's name.
FILE_NAMES = {
    "application_form": "申请表",
    "submission_summary": "汇总表",
    "material_list": "佐证材料清单",
    "return_notice": "退回通知书",
    "certificate": "职业资格证书",
}
FILE_MOMENTS = {"submitted": "提交", "returned": "退回", "decided": "认定"}
