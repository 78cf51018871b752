"""The words that WhatsApp writes itself into an exported chat, in the languages that it speaks."""

from __future__ import annotations

import re

from knowledge.archive.formats.media import kind_of_file
from knowledge.archive.texts import clean, placeholder

MARK = "\u200e"
"""Before what WhatsApp says itself."""

HALVES = {
    # What a clock of twelve hours says, without dots and blanks -> hours to be added.
    **dict.fromkeys(["am", "上午", "凌晨", "清晨", "早上", "오전", "午前", "ص", "قظ", "πμ"], 0),
    **dict.fromkeys(["öö", "sa", "de", "pg", "पूर्वाह्न"], 0),
    **dict.fromkeys(["pm", "下午", "中午", "傍晚", "晚上", "오후", "午後", "م", "بظ", "μμ"], 12),
    **dict.fromkeys(["ös", "ch", "du", "ptg", "अपराह्न"], 12),
}

FILE_NAME = re.compile(
    r"(?:WhatsApp[ -]Chat (?:with|mit|-)|Chat (?:de )?WhatsApp con|Conversa do WhatsApp com"
    r"|Discussion WhatsApp avec|WhatsApp-chat met|Чат WhatsApp с|Chat WhatsApp dengan"
    r"|WhatsApp Sohbeti -|WhatsApp-Chat mit)\s+(?P<behind>.+)"
    r"|[与與](?P<between>.+)的\s?WhatsApp\s?(?:聊天|對話|对话).*"
    r"|(?P<before>.+?)\s?(?:님과의 WhatsApp 대화|とのWhatsAppトーク)",
    re.IGNORECASE,
)

# What stands for a file that was not exported, by the kind that it was, as iOS writes it.
_LEFT = {
    "image": "image|photo|图片|圖片|照片|imagen|imagem|Bild|immagine|afbeelding|изображение"
    "|이미지|사진|画像|写真|gambar|görüntü",
    "video": "video|vídeo|vidéo|GIF|视频|影片|видео|동영상|비디오|動画|ビデオ",
    "voice": "audio|áudio|音频|音訊|语音|аудио|오디오|음성|音声|オーディオ|ses",
    "sticker": "sticker|贴图|貼圖|表情|adesivo|autocollant|стикер|스티커|スタンプ|figurinha|stiker",
    "card": "contact card|联系人卡片|聯絡人卡片|名片|Kontaktkarte|tarjeta de contacto|連絡先",
    "file": "document|文档|文件|檔案|documento|Dokument|документ|문서|ドキュメント|書類|dokumen",
}
_LEFT_OUT = (
    "omitted|已?略去|已?忽略|已?省略|omitid[ao]|ocultad[ao]|weggelassen|ausgelassen|absente?|omise?"
    "|omess[ao]|weggelaten|пропущен[оа]?|отсутствует|생략됨|が?省略されました|tidak disertakan"
    "|dahil edilmedi"
)
_OMITTED = {
    kind: re.compile(rf"(?:{words})\s*(?:{_LEFT_OUT})[.。]?", re.IGNORECASE)
    for kind, words in _LEFT.items()
}

# What stands for a file of any kind on Android, where none were exported.
_MEDIA = frozenset(
    [
        "<Media omitted>",
        "<省略影音内容>",
        "<省略多媒体文件>",
        "<媒体文件已略去>",
        "<省略多媒體檔案>",
        "<已省略多媒體檔案>",
        "<忽略多媒體檔>",
        "<Multimedia omitido>",
        "<Mídia oculta>",
        "<Arquivo de mídia oculto>",
        "<Medien ausgeschlossen>",
        "<Médias omis>",
        "<Media omessi>",
        "<Media weggelaten>",
        "<Без медиафайлов>",
        "<미디어 파일을 생략한 대화내용>",
        "<미디어 제외>",
        "<メディアは含まれていません>",
        "<メディア除外>",
        "<Media tidak disertakan>",
        "<Medya dahil edilmedi>",
    ]
)

# A file that was exported on Android; what was written to it stands on the next line.
_ATTACHED = re.compile(
    r"(?P<name>[^\n<>()]{1,200}\.\w{2,5}) \((?:file attached|文件附件|附件檔案|档案附件|已附加檔案"
    r"|archivo adjunto|arquivo anexado|Datei angehängt|fichier joint|file allegato"
    r"|bestand bijgevoegd|файл добавлен|파일 첨부됨|파일 첨부|添付ファイル|file terlampir"
    r"|dosya ekli)\)"
)

# The same on iOS, behind the mark that tells WhatsApp's own words.
_ENCLOSED = re.compile(r"<[^<>:：\n]{1,40}\s?[:：]\s?(?P<name>[^<>\n]{1,200})>")

DELETED = re.compile(
    r"(?:This message was deleted|You deleted this message|[这這][条則]消息已[被删刪]除?"
    r"|此[条則]?[消訊]息已被?[删刪]除|[您你]已?[删刪]除了?[这這此]?[条則]?[消訊]息"
    r"|Se eliminó este mensaje|Eliminaste este mensaje|(?:Esta )?mensagem (?:foi )?apagada"
    r"|Você apagou esta mensagem|Diese Nachricht wurde gelöscht|Du hast diese Nachricht gelöscht"
    r"|Ce message a été supprimé|Vous avez supprimé ce message"
    r"|Questo messaggio è stato eliminato|Hai eliminato questo messaggio"
    r"|Dit bericht is verwijderd|Je hebt dit bericht verwijderd|(?:Это|Данное) сообщение"
    r"(?: было)? удалено|Вы удалили это сообщение|삭제된 메시지입니다|이 메시지는 삭제되었습니다"
    r"|(?:この|あなたはこの)メッセージ(?:は削除されました|を削除しました)"
    r"|Pesan ini (?:telah )?dihapus|Anda menghapus pesan ini|Bu mesaj silindi|Bu mesajı sildiniz)"
    r"(?: by admin.{0,80})?[.。]?",
    re.IGNORECASE,
)

EDITED = re.compile(
    r"<(?:This message was edited|[这這此]?[条則]?[消訊]息已?[编編][辑輯]"
    r"|已?[编編][辑輯][过過]?|Se editó este mensaje|Mensagem editada|Diese Nachricht wurde"
    r" bearbeitet|Ce message a été modifié|Questo messaggio è stato modificato|Dit bericht is"
    r" bewerkt|Сообщение изменено"
    r"|이 메시지는 수정되었습니다|このメッセージは編集されました)[.。]?>$",
    re.IGNORECASE,
)

_CALL = re.compile(
    r"(?:Missed |Silenced )?(?:voice|video|group|语音|語音|视频|視訊|视讯|未接)"
    r".{0,20}(?:call|通话|通話|来电|來電)\b.{0,40}",
    re.IGNORECASE,
)

_LOCATION = re.compile(
    r"(?:location|位置|ubicación|localização|Standort|posizione|위치|位置情報)\s?[:：]\s?"
    r"(https://(?:maps\.google\.|goo\.gl/maps|foursquare\.)\S*)",
    re.IGNORECASE,
)

_POLL = re.compile(r"(?:POLL|投票|ENCUESTA|ENQUETE|UMFRAGE|SONDAGE|투표|アンケート)[:：]\s*\n?")

ANNOUNCED = re.compile(
    r"changed (?:the|this) (?:subject|group)|created (?:the )?group|将群组|更改了|變更了|"
    r"hat den Betreff|cambió el asunto|mudou o nome|a changé l"
)
"""System lines of Android that hold a colon: what stands before it is no name."""


def media(raw: str) -> tuple[str, str, str] | None:
    """Kind, words and file name of a message that is a file, or stands for one; else None.

    What was written to a file is what is said then: such a message is a text.
    """
    plain = clean(raw)
    if plain in _MEDIA:
        return "image", placeholder("image"), ""
    line, _, caption = plain.partition("\n")
    if m := _ATTACHED.fullmatch(line):
        return _file(m["name"], caption)
    if (place := _LOCATION.fullmatch(plain)) is not None:
        return "location", placeholder("location", place[1]), ""
    before, mark, behind = raw.rpartition(MARK)
    if not mark:
        return None
    said, own = clean(before), clean(behind)
    if m := _ENCLOSED.match(own):
        return _file(m["name"], "\n".join(p for p in (said, clean(own[m.end() :])) if p))
    for kind, pattern in _OMITTED.items():
        if pattern.fullmatch(own):
            named = kind in ("file", "card")
            if said and not named:
                return "text", said, ""
            return kind, placeholder(kind, said if named else ""), ""
    if raw.startswith(MARK) and _CALL.fullmatch(plain):
        return "call", placeholder("call"), ""
    if raw.startswith(MARK) and (m := _POLL.match(plain)):
        return "poll", placeholder("poll", plain[m.end() :]), ""
    return None


def _file(name: str, caption: str) -> tuple[str, str, str]:
    name = name.strip()
    kind = "sticker" if name.startswith("STK-") else kind_of_file(name)
    if caption:
        return "text", clean(caption), name
    return kind, placeholder(kind, name if kind == "file" else ""), name
