"""The registration's words, as a hand-written form has them."""

KINDS = [
    ("retired_teacher", "退休教师"),
    ("parent", "家长"),
    ("citizen", "有一技之长的热心人"),
    ("professional", "专业人士"),
]
NAME = "和身份证上的一样"
IDENTITY = "只用于核实身份和从业查询，加密保存，列表里看不到"
PHONE = "学校用它和您联系"
PHOTO = "拍照即可，看得清字就行"
ANY_PHOTO = "任选一种，拍照即可，看得清字就行"
SPECIALTIES = [
    ("opera", "戏曲"),
    ("paper_cutting", "剪纸"),
    ("calligraphy", "书法"),
    ("sculpture", "雕塑（泥塑）"),
    ("duijin", "堆锦"),
    ("folk_music", "民乐"),
    ("chinese_painting", "国画"),
    ("science", "科学小实验"),
    ("martial_arts", "武术"),
    ("handicraft", "面塑与劳动技艺"),
    ("sports", "体育"),
    ("reading", "阅读"),
    ("homework_help", "作业辅导"),
    ("other", "其他"),
]
DAYS = [
    ("monday", "周一"),
    ("tuesday", "周二"),
    ("wednesday", "周三"),
    ("thursday", "周四"),
    ("friday", "周五"),
    ("saturday", "周六"),
    ("sunday", "周日"),
]
SCHOOLS = [
    ("hexi-1", "青禾县禾溪第一小学"),
    ("yunting", "青禾县云汀学校"),
    ("no2", "青禾县第二中学"),
]
BASIS = (
    "依据：拓宽课后服务渠道「充分发挥社会热心人士、退休教师、合格的社会专业人士特别是家长的作用,"
    "邀请有一……」"
)
HIDDEN = ("certificate", "qualification")
PICTURES = "image/jpeg,image/png,image/webp,application/pdf"
