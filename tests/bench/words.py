"""The registration's words, as a hand-written form has them."""

from wtforms.fields.choices import SelectChoice

KINDS = [
    SelectChoice("retired_teacher", "退休教师"),
    SelectChoice("parent", "家长"),
    SelectChoice("citizen", "有一技之长的热心人"),
    SelectChoice("professional", "专业人士"),
]
NAME = "和身份证上的一样"
IDENTITY = "只用于核实身份和从业查询，加密保存，列表里看不到"
PHONE = "学校用它和您联系"
PHOTO = "拍照即可，看得清字就行"
ANY_PHOTO = "任选一种，拍照即可，看得清字就行"
SPECIALTIES = [
    SelectChoice("opera", "戏曲"),
    SelectChoice("paper_cutting", "剪纸"),
    SelectChoice("calligraphy", "书法"),
    SelectChoice("sculpture", "雕塑（泥塑）"),
    SelectChoice("duijin", "堆锦"),
    SelectChoice("folk_music", "民乐"),
    SelectChoice("chinese_painting", "国画"),
    SelectChoice("science", "科学小实验"),
    SelectChoice("martial_arts", "武术"),
    SelectChoice("handicraft", "面塑与劳动技艺"),
    SelectChoice("sports", "体育"),
    SelectChoice("reading", "阅读"),
    SelectChoice("homework_help", "作业辅导"),
    SelectChoice("other", "其他"),
]
DAYS = [
    SelectChoice("monday", "周一"),
    SelectChoice("tuesday", "周二"),
    SelectChoice("wednesday", "周三"),
    SelectChoice("thursday", "周四"),
    SelectChoice("friday", "周五"),
    SelectChoice("saturday", "周六"),
    SelectChoice("sunday", "周日"),
]
SCHOOLS = [
    SelectChoice("hexi-1", "青禾县禾溪第一小学"),
    SelectChoice("yunting", "青禾县云汀学校"),
    SelectChoice("no2", "青禾县第二中学"),
]
BASIS = (
    "依据：拓宽课后服务渠道「充分发挥社会热心人士、退休教师、合格的社会专业人士特别是家长的作用,"
    "邀请有一……」"
)
HIDDEN = ("certificate", "qualification")
PICTURES = "image/jpeg,image/png,image/webp,application/pdf"
