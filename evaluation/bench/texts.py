"""What the benches send: one consultation as a worker would lead it, the same for both sides."""

CONSULTATION = (
    "你好",
    "老板拖了我两个月工资，一个月六千五，去年三月十号进的厂，没签合同",
    "上个月二十号他叫我不用来了",
    "没有书面通知，就是口头说的",
    "请律师要花钱吗",
    "不是二十号，是二十一号",
    "帮我算一下",
    "不知道",
    "去劳动监察要带什么东西",
    "谢谢",
)
