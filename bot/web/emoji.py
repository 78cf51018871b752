"""The emoji that WeChat's codes stand for: an export has `[强]` where members saw a thumb."""

from __future__ import annotations

_PAIRS = """
强👍 弱👎 鼓掌👏 捂脸🤦 呲牙😁 OK👌 玫瑰🌹 偷笑🤭 抱拳🙏 奸笑😏 握手🤝 微笑🙂 憨笑😄 坏笑😏
发呆😳 机智🤓 尴尬😅 愉快😊 色😍 嘿哈😆 皱眉😟 抠鼻🙄 阴险😏 流泪😭 撇嘴😒 耶✌️ 流汗😓
悠闲😌 可怜🥺 擦汗😅 调皮😜 惊恐😱 害羞😊 糗大了😳 太阳☀️ 囧😖 衰😣 拳头👊 大哭😭 惊讶😮
冷汗😰 疑问❓ 得意😎 胜利✌️ 拥抱🤗 晕😵 闭嘴🤐 发抖🥶 白眼🙄 快哭了🥺 委屈🥺 爱心❤️ 勾引🫰
嘘🤫 骷髅💀 困😪 月亮🌙 抓狂😫 啤酒🍺 咖啡☕ 难过🙁 转圈💫 发怒😡 西瓜🍉 奋斗💪 傲慢😤
爱你🤟 蛋糕🎂 炸弹💣 疯了🤪 吓😨 嘴唇💋 茶🍵 心碎💔 敬礼🫡 激动🤩 再见👋 跳跳💃 鄙视😒
破涕为笑😂 笑脸😄 生病😷 脸红😳 恐惧😨 失望😞 无语😑 吃瓜🍉 加油💪 汗😓 天啊😱 哇😮
让我看看👀 叹气😮‍💨 苦涩🥲 裂开😵 社会社会😎 旺柴🐶 好的👌 打脸🤕 翻白眼🙄 合十🙏 庆祝🎉
礼物🎁 红包🧧 發🀅 福🧧 烟花🎆 爆竹🧨 猪头🐷 菜刀🔪 凋谢🥀 便便💩 闪电⚡ 足球⚽ 篮球🏀 乒乓🏓
饭🍚 药💊 睡😴 咒骂🤬 折磨😩 哈欠🥱 吐🤮 酷😎 饥饿😋 亲亲😘 左哼哼😤 右哼哼😤 敲打🔨 鬼脸😝
嘴馋😋 ThumbsUp👍 ThumbsDown👎 Clap👏 Facepalm🤦 Grin😁 Rose🌹 Chuckle🤭 Salute🫡 Shake🤝
Smile🙂 Smirk😏 Smart🤓 Concerned😟 Sob😭 Blush😊 Drool😍 Joyful😊 Laugh😄 Awkward😅 Hey😆
Yeah✌️ Sweat😓 Tongue😜 Scream😱 Shy😊 Fist👊 Heart❤️ BrokenHeart💔 Peace✌️ Hug🤗 Moon🌙
Sun☀️ Beer🍺 Coffee☕ Cake🎂 Bomb💣 Skull💀 Angry😡 Bye👋 Party🎉 Gift🎁 Packet🧧 Lol😂
Onlooker🍉 GoForIt💪 Sigh😮‍💨 Doge🐶 NoProb👌 MyBad🤕 Wow😮 Worship🙏
"""

EMOJI: dict[str, str] = {}
"""Code without its brackets -> the emoji of Unicode that comes closest."""

for _pair in _PAIRS.split():
    _cut = next(
        i for i, c in enumerate(_pair) if ord(c) > 0x2300 and not 0x3400 <= ord(c) <= 0x9FFF
    )
    EMOJI[_pair[:_cut]] = _pair[_cut:]
