CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE TABLE "files"(
    id integer primary key, path text not null unique, sha256 text not null,
    grp text not null, date text not null, messages integer not null, same_as text not null);
CREATE TABLE "file_days"(
    file integer not null references "files"(id) on delete cascade,
    day integer not null references days(id), primary key(day, file)) without rowid;
CREATE TABLE losses(
    file integer not null references "files"(id) on delete cascade,
    line integer not null, what text not null);
CREATE TABLE days(
    id integer primary key, grp text not null, date text not null, unique(grp, date));
CREATE TABLE speakers(
    id integer primary key, grp text not null, name text not null, unique(grp, name));
CREATE TABLE messages(
    id integer primary key, file integer not null, speaker integer not null,
    time text not null, n integer not null, line integer not null, text text not null);
CREATE TABLE people(
    grp text not null, name text not null, person text not null,
    primary key(grp, name)) without rowid;
CREATE TABLE exchanges(
    id integer primary key, sought real not null, retold integer not null, parts text not null);
CREATE TABLE loads(
    id integer primary key autoincrement, at text not null, seconds real not null default 0, linked_by text not null default '');
CREATE TABLE "questions"(
    id integer primary key, at text not null, room text not null, contact text not null,
    text text not null, reason text not null, confidence real, figure real, bound real);
CREATE TABLE replies(
    id integer primary key, question integer not null, at text not null,
    citation text not null);
CREATE TABLE feedback(
    id integer primary key, reply integer not null, at text not null, citation text not null,
    text text not null, contact text not null, worth integer not null,
    unique(reply, contact));
CREATE TABLE room_state(
    room text primary key, mode text, muted_until text, asked real, overheard real,
    announced text, hedged real);
CREATE TABLE sounds(character text primary key, sound text not null) without rowid;
CREATE TABLE common_terms(term text primary key, exchanges integer not null) without rowid;
CREATE TABLE index_size(exchanges integer not null, counted integer not null);
CREATE TABLE exchange_texts(
    id integer primary key, grp text not null, question text not null, context text not null,
    answers text not null, sought real not null, count integer not null, sureness real not null);
CREATE TABLE vectors(exchange integer primary key, question blob not null, said blob not null);
CREATE TABLE vectors_of(
    model text not null, typical real, typical_said real, made integer not null
);
CREATE TABLE seen(
    room text not null, contact text not null, name text not null, at text not null,
    primary key(contact, room, name)) without rowid;
CREATE TABLE rooms(
    id integer primary key, room text not null, topic text not null, unique(room, topic));
CREATE TABLE wishes(
    id integer primary key autoincrement, at text not null, contact text not null,
    name text not null, room text not null, topic text not null, words integer not null,
    claims text not null);
CREATE TABLE outputs(path text primary key, kind text not null) without rowid;
CREATE TABLE message_ids(
    message integer primary key, id text not null, reply text not null, sender text not null default '', thread text not null default '', addressed integer not null default 0);
CREATE TABLE speaker_ids(
    grp text not null, id text not null, name text not null,
    primary key(grp, id, name)) without rowid;
CREATE TABLE zones(grp text primary key, zone text not null) without rowid;
CREATE TABLE forgotten(
    id integer primary key, at text not null, contact text not null, what text not null,
    grp text not null, key text not null, since text not null default '',
    until text not null default '', applied integer not null default 0,
    unique(what, grp, key, since, until));
CREATE TABLE shared_names(
    grp text not null, name text not null, primary key(grp, name)) without rowid;
CREATE TABLE word_vectors(
    exchange integer primary key, question blob not null, said blob not null
);
CREATE TABLE word_vectors_of(
    model text not null, typical real, typical_said real, made integer not null
);
CREATE TABLE contact_senders(key text primary key) without rowid;
CREATE TABLE file_marks(
    file integer primary key references files(id) on delete cascade,
    first integer not null, records integer not null, messages integer not null,
    size integer not null, until text not null, digest text not null, head text not null,
    names text not null);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX feedback_citation on feedback(citation);
CREATE INDEX questions_at on questions(at);
CREATE INDEX message_ids_id on message_ids(id) where id <> '';
CREATE INDEX message_ids_reply on message_ids(reply) where reply <> '';
CREATE INDEX message_ids_thread on message_ids(thread, message) where thread <> '';
CREATE VIRTUAL TABLE exchange_index using fts5(
    question, context, answers, content='', columnsize=0, detail=column, tokenize='ascii');
CREATE VIRTUAL TABLE exchange_terms using fts5vocab(exchange_index, row);
CREATE VIEW exchange_messages as
    select x.id as exchange, p.value ->> 0 as role, p.value ->> 1 as message,
        p.value ->> 2 as probability
    from exchanges x, json_each(x.parts) p;
delete from exchange_index_data;
delete from exchange_index_idx;
delete from exchange_index_config;
insert into _sqlite_migrations values (1, 'palou', 'm001_knowledge_and_record', '2026-11-28 11:48:28.536402+00:00');
insert into _sqlite_migrations values (2, 'palou', 'm002_vectors', '2026-11-28 11:48:28.536718+00:00');
insert into _sqlite_migrations values (3, 'palou', 'm003_sureness', '2026-11-28 11:48:28.539328+00:00');
insert into _sqlite_migrations values (4, 'palou', 'm004_one_word', '2026-11-28 11:48:28.550538+00:00');
insert into _sqlite_migrations values (5, 'palou', 'm005_questions', '2026-11-28 11:48:28.554413+00:00');
insert into _sqlite_migrations values (6, 'palou', 'm006_hedged', '2026-11-28 11:48:28.554763+00:00');
insert into _sqlite_migrations values (7, 'palou', 'm007_said', '2026-11-28 11:48:28.554995+00:00');
insert into _sqlite_migrations values (8, 'palou', 'm008_identities', '2026-11-28 11:48:28.557027+00:00');
insert into _sqlite_migrations values (9, 'palou', 'm009_ids', '2026-11-28 11:48:28.557345+00:00');
insert into _sqlite_migrations values (10, 'palou', 'm010_spans', '2026-11-28 11:48:28.558585+00:00');
insert into _sqlite_migrations values (11, 'palou', 'm011_senders', '2026-11-28 11:48:28.559372+00:00');
insert into _sqlite_migrations values (12, 'palou', 'm012_word_vectors', '2026-11-28 11:48:28.559564+00:00');
insert into _sqlite_migrations values (13, 'palou', 'm013_contact_senders', '2026-11-28 11:48:28.559726+00:00');
insert into _sqlite_migrations values (14, 'palou', 'm014_marks', '2026-11-28 11:48:28.559888+00:00');
insert into files values (1, '/where/it/was/archive/paytalk/_posts/2024-05-06-chat.markdown', '3d69e793d5fc6594b4f09de01162f36e4efebd5f0dc63feadb9e754b0d6b2cde', 'paytalk', '2024-05-06', 10, '');
insert into files values (2, '/where/it/was/archive/paytalk/_posts/2024-05-07-chat.markdown', '39ab0fb71a0236f354f91051fad99fcd5bbde642ee130dc4d16c85879807b5f8', 'paytalk', '2024-05-07', 4, '');
insert into file_days values (1, 1);
insert into file_days values (2, 2);
insert into days values (1, 'paytalk', '2024-05-06');
insert into days values (2, 'paytalk', '2024-05-07');
insert into speakers values (1, 'paytalk', '阿柒');
insert into speakers values (2, 'paytalk', 'harper_w');
insert into speakers values (4, 'paytalk', '我');
insert into speakers values (5, 'paytalk', 'Mia 罗');
insert into speakers values (6, 'paytalk', '一位群友');
insert into messages values (1048576, 1, 1, '09:00:00', 0, 8, '请问清算文件每天几点能下载？');
insert into messages values (1048577, 1, 2, '09:01:00', 0, 12, '一般早上九点半以后，节假日会晚一点');
insert into messages values (1048578, 1, 6, '09:01:40', 0, 16, '@阿柒?十点还没有就找渠道经理');
insert into messages values (1048579, 1, 1, '09:20:00', 0, 20, '谢谢');
insert into messages values (1048580, 1, 1, '10:00:00', 0, 24, '境外商户的退款走原来的通道退回去');
insert into messages values (1048581, 1, 1, '10:00:30', 0, 28, '那汇率怎么算？');
insert into messages values (1048582, 1, 2, '10:02:00', 0, 32, '按退款当天的牌价算，差额记汇兑损益');
insert into messages values (1048583, 1, 6, '14:00:00', 0, 36, '我理解备案只要在开户行做一次');
insert into messages values (1048584, 1, 2, '14:01:00', 0, 40, '不止，换了开户行就要重新备案');
insert into messages values (1048585, 1, 4, '17:00:00', 0, 44, 'Q：能不能跨行冲正？ A：不能，只能发起退货');
insert into messages values (2097152, 2, 5, '09:00:00', 0, 8, '请问分账的比例上限在哪里看？');
insert into messages values (2097153, 2, 6, '09:01:00', 0, 12, '@Mia 罗?商户平台的分账菜单里写着，默认三成');
insert into messages values (2097154, 2, 2, '09:02:00', 0, 16, '三成以上要单独申请');
insert into messages values (2097155, 2, 5, '09:05:00', 0, 20, '好的，石头说的我看到了');
insert into exchanges values (67108864, 0.2676, 0, '[["question",1048576,1],["answer",1048577,0.758],["answer",1048578,0.921]]');
insert into exchanges values (67109120, 0.0053, 0, '[["question",1048580,1],["question",1048581,1],["answer",1048582,0.554]]');
insert into exchanges values (67109184, 0.0292, 0, '[["question",1048581,1],["context",1048580,1],["answer",1048582,0.507]]');
insert into exchanges values (67109312, 0.0101, 0, '[["question",1048583,1],["answer",1048584,0.711]]');
insert into exchanges values (67109440, 0.0347, 0, '[["question",1048585,1]]');
insert into exchanges values (67109441, 1.0, 1, '[["question", 1048585, 1, "\u80fd\u4e0d\u80fd\u8de8\u884c\u51b2\u6b63\uff1f"], ["answer", 1048585, 1.0, "\u4e0d\u80fd\uff0c\u53ea\u80fd\u53d1\u8d77\u9000\u8d27"]]');
insert into exchanges values (134217728, 0.2524, 0, '[["question",2097152,1],["answer",2097153,0.930],["thread",2097154,0]]');
insert into exchanges values (134217792, 0.0161, 0, '[["question",2097153,1],["answer",2097154,0.423],["answer",2097155,0.334]]');
insert into exchanges values (134217856, 0.0086, 0, '[["question",2097154,1],["answer",2097155,0.131]]');
insert into loads values (1, '2026-11-28T11:48:28+00:00', 2.92775088993948884308e-01, '5-add34b9bad4b50b3');
insert into loads values (2, '2026-11-28T11:48:28+00:00', 7.5721130051533691585e-03, '5-add34b9bad4b50b3');
insert into questions values (1, '2024-04-01T01:00:00+00:00', '1@chatroom', 'id-小林', '请问清算文件每天几点能下载？', 'answered', 9.85240245510898060565e-01, NULL, NULL);
insert into questions values (2, '2024-04-01T01:00:00+00:00', '1@chatroom', 'id-小林', '紫砂壶开壶要煮几个小时？', 'not found', NULL, 0.0, 0.8);
insert into replies values (1, 1, '2024-04-01T01:00:00+00:00', 'paytalk-20240506-090000');
insert into feedback values (1, 1, '2024-04-01T01:00:00+00:00', 'paytalk-20240506-090000', '请问清算文件每天几点能下载？', 'id-小林', 1);
insert into room_state values ('1@chatroom', 'ambient', NULL, NULL, NULL, NULL, NULL);
insert into sounds values ('一', 'yi');
insert into sounds values ('三', 'san');
insert into sounds values ('上', 'shang');
insert into sounds values ('下', 'xia');
insert into sounds values ('不', 'bu');
insert into sounds values ('么', 'me');
insert into sounds values ('九', 'jiu');
insert into sounds values ('了', 'le');
insert into sounds values ('以', 'yi');
insert into sounds values ('件', 'jian');
insert into sounds values ('价', 'jia');
insert into sounds values ('会', 'hui');
insert into sounds values ('例', 'li');
insert into sounds values ('假', 'jia');
insert into sounds values ('做', 'zuo');
insert into sounds values ('兑', 'dui');
insert into sounds values ('写', 'xie');
insert into sounds values ('冲', 'chong');
insert into sounds values ('几', 'ji');
insert into sounds values ('分', 'fen');
insert into sounds values ('到', 'dao');
insert into sounds values ('十', 'shi');
insert into sounds values ('半', 'ban');
insert into sounds values ('单', 'dan');
insert into sounds values ('原', 'yuan');
insert into sounds values ('去', 'qu');
insert into sounds values ('发', 'fa');
insert into sounds values ('只', 'zhi');
insert into sounds values ('台', 'tai');
insert into sounds values ('后', 'hou');
insert into sounds values ('哪', 'na');
insert into sounds values ('商', 'shang');
insert into sounds values ('回', 'hui');
insert into sounds values ('在', 'zai');
insert into sounds values ('境', 'jing');
insert into sounds values ('备', 'bei');
insert into sounds values ('外', 'wai');
insert into sounds values ('天', 'tian');
insert into sounds values ('头', 'tou');
insert into sounds values ('好', 'hao');
insert into sounds values ('就', 'jiu');
insert into sounds values ('差', 'cha');
insert into sounds values ('平', 'ping');
insert into sounds values ('开', 'kai');
insert into sounds values ('当', 'dang');
insert into sounds values ('怎', 'zen');
insert into sounds values ('成', 'cheng');
insert into sounds values ('我', 'wo');
insert into sounds values ('户', 'hu');
insert into sounds values ('找', 'zhao');
insert into sounds values ('按', 'an');
insert into sounds values ('损', 'sun');
insert into sounds values ('换', 'huan');
insert into sounds values ('文', 'wen');
insert into sounds values ('新', 'xin');
insert into sounds values ('日', 'ri');
insert into sounds values ('早', 'zao');
insert into sounds values ('晚', 'wan');
insert into sounds values ('有', 'you');
insert into sounds values ('来', 'lai');
insert into sounds values ('柒', 'qi');
insert into sounds values ('案', 'an');
insert into sounds values ('次', 'ci');
insert into sounds values ('款', 'kuan');
insert into sounds values ('止', 'zhi');
insert into sounds values ('正', 'zheng');
insert into sounds values ('每', 'mei');
insert into sounds values ('比', 'bi');
insert into sounds values ('汇', 'hui');
insert into sounds values ('没', 'mei');
insert into sounds values ('清', 'qing');
insert into sounds values ('渠', 'qu');
insert into sounds values ('点', 'dian');
insert into sounds values ('牌', 'pai');
insert into sounds values ('独', 'du');
insert into sounds values ('率', 'lv');
insert into sounds values ('理', 'li');
insert into sounds values ('申', 'shen');
insert into sounds values ('的', 'de');
insert into sounds values ('益', 'yi');
insert into sounds values ('看', 'kan');
insert into sounds values ('着', 'zhe');
insert into sounds values ('石', 'shi');
insert into sounds values ('算', 'suan');
insert into sounds values ('经', 'jing');
insert into sounds values ('罗', 'luo');
insert into sounds values ('能', 'neng');
insert into sounds values ('般', 'ban');
insert into sounds values ('节', 'jie');
insert into sounds values ('菜', 'cai');
insert into sounds values ('行', 'xing');
insert into sounds values ('要', 'yao');
insert into sounds values ('解', 'jie');
insert into sounds values ('认', 'ren');
insert into sounds values ('记', 'ji');
insert into sounds values ('说', 'shuo');
insert into sounds values ('请', 'qing');
insert into sounds values ('谢', 'xie');
insert into sounds values ('账', 'zhang');
insert into sounds values ('货', 'huo');
insert into sounds values ('走', 'zou');
insert into sounds values ('起', 'qi');
insert into sounds values ('跨', 'kua');
insert into sounds values ('载', 'zai');
insert into sounds values ('还', 'hai');
insert into sounds values ('退', 'tui');
insert into sounds values ('通', 'tong');
insert into sounds values ('道', 'dao');
insert into sounds values ('那', 'na');
insert into sounds values ('里', 'li');
insert into sounds values ('重', 'zhong');
insert into sounds values ('问', 'wen');
insert into sounds values ('阿', 'a');
insert into sounds values ('限', 'xian');
insert into sounds values ('额', 'e');
insert into sounds values ('默', 'mo');
insert into exchange_index_data values (1, X'0965186C');
insert into exchange_index_data values (10, X'0000000202010400000001050101');
insert into exchange_index_data values (687194767361, X'000007C5023061A08084400202010171A080844002020110C2A73730363137393734363136633662A080800002038200020340020381000203810002030102039FFFFB3F02034002034002030106E4B880E6ACA1A080834002020403E782B9A080800002040403E888ACA08080000204030489E68890C080800002044004020440020203048AE4B99DA080800002040403E8A681C080804002044002020403E99990C0808000020203048BE8BDBDA0808000020203048DE6ADA2A080834002040403E883BDA08084400202010402040205B988E7AE97A0808200020240020203049DE782B9A080800002040205BA86E5BC80A080834002040205BBA5E4B88AC080804002044002020403E5908EA080800002040304B6E6AF8FA080800002020304B7E7AE97A080820002044002040205BC9AE6999AA080800002040205BE8BE4B88AC080800002020106E58187E697A5A0808000020403049AE4B880A0808340020202058591E68D9FA0808200020440020402058699E79D80C080800002044002020304B2E6ADA3A08084400202010202020587A0E782B9A0808000020202058886E8B4A6C08080000402044002020304B0E4BA86C0808040020440020402058D81E782B9A0808000020403048AE4BBA5A08080000204030495E78BACC080804002044002020403E9878CC0808000020440020202058E9FE69DA5A0808200020240020302058F91E8B5B7A080844002020102040304AAE883BDA080844002020102040502A681A080834002020304B0E79A84C08080000204400202020593AAE9878CC0808000020202059586E688B7A080820002024002039FFFFD40020440020202059B9EE58EBBA0808200020240020302059CA8E593AAC080800002020502BC80A080834002020205A283E5A496A080820002024002030205A487E6A188A0808340040204030496E59586A080820002024002030304A9E587A0A080800002020403E79A84A080820002044002040304B4E8AFB4C080804002044002040205A5BDE79A84C080804002044002040205B0B1E689BEA080800002040403E8A681A080834002040205B7AEE9A29DA080820002044002040205B9B3E58FB0C080800002044002020205BC80E688B7A08083400402040205BD93E5A4A9A080820002044002040106E6808EE4B988A0808200020240020202058890E4BBA5C08080400204400202030491E79086A0808340020205029C8BC080804002044002040304B7E5B9B3C080800002044002020403E79A84A080820002024002030403E8A18CA0808340040204020589BEE6B8A0A0808000020402058C89E98080A0808200020440020402058D9FE79B8AA080820002044002040304A2E4BA86A0808340020402059687E4BBB6A080800002020304B0E5A487A08083400204020597A5E4BC9AA080800002040304A9E4B88AA080800002040205999AE4B880A0808000020402059C89E5B0B1A0808000020402059DA5E79A84A080820002024002030205A188E58FAAA080834002020205ACBEE5BD93A080820002044002040403E8B5B0A080820002024002030205AF8FE5A4A9A08080000202030494E4BE8BC080800002020205B187E58591A080820002044002040403E78E87A080820002024002020205B2A1E69C89A080800002040205B885E7AE97A080800002020304A0E98193A080800002040106E782B9E58D8AA080800002040403E883BDA080800002020502BF98A080800002040205898CE4BBB7A0808200020440020402058BACE794B3C0808040020440020202058E87E6808EA0808200020240020202059086E8A7A3A08083400202020594B3E8AFB7C0808040020440020202059A84E58886C080800002044002020403E68891C080804002044002040502AF94C080800002020403E7898CA080820002044002040403E98080A0808200020240020306019AA0808200020240020302059C8BE588B0C0808040020440020402059FB3E5A4B4C080804002044002040205AE97E69687A080800002020205BB8FE79086A080800002040202BD97C080800002044002020106E883BDE4B88BA0808000020206018DA080844002020102020403E58F91A080844002020102040403E8B7A8A08084400202010202020588ACE697A9A0808000020402058A82E58187A0808000020402058F9CE58D95C080800002044002020205A18CE5819AA08083400202050286B2A080844002020102020502B0B1A080834002040205A681E58D95C0808040020440020205029CA8A080834002020403E9878DA080834002040205A7A3E5A487A080834002020205AEA4E4B889C080800002044002020304B0E6B187A080820002044002040205AFB4E79A84C080804002044002040205B4A6E79A84C080800002020403E88F9CC080800002044002020205B5B0E58E9FA080820002024002030304B7E98080A080844002020102040205B7A8E8A18CA080844002020102020205BF98E6B2A1A080800002040106E98080E59B9EA080820002024002030403E6ACBEA0808200040204400403030403E8B4A7A0808440020201020403049AE98193A0808200020240020302058193E7BB8FA080800002040403E98080A08082000202400203020582A3E6B187A080820002024002020205878CE58699C080800002044002020403E79C8BC0808000020203048DE696B0A0808340020402059990E59CA8C080800002020205A29DE8AEB0A080820002044002040205BB98E8AEA4C08080000204400202040909360E0B0B130C0E0B0C0C0F100C0D100B0C0F0D0D0E0C10100F0D110F0D0C0F0E10100F0A0F0D19100D0A100E0F0C0E0F100D0B10100E1011100C0D0F0E0C0D10100C0D0C0D0C0D0D100D100E0D0C100E0D0D0C0E0B0A1010100D10100E0A0E0E0C10100D0D0D0E0C0E0E0D0D100D0D0A100A0B0D100F100D0E100F100D11100E0F0D0E10100B0C0D10');
insert into exchange_index_idx values (5, X'', 2);
insert into exchange_index_config values ('hashsize', 16777216);
insert into exchange_index_config values ('version', 4);
insert into index_size values (9, 9);
insert into exchange_texts values (67108864, 'paytalk', '清算文件每天几点能下载', '', '一般早上九点半以后 节假日会晚一点 十点还没有就找渠道经理', 2.67567365859219807866e-01, 2, 0.9215);
insert into exchange_texts values (67109120, 'paytalk', '境外商户的退款走原来的通道退回去 那汇率怎么算', '', '按退款当天的牌价算 差额记汇兑损益', 5.25660201071599664235e-03, 1, 5.54414895470044299941e-01);
insert into exchange_texts values (67109184, 'paytalk', '那汇率怎么算', '境外商户的退款走原来的通道退回去', '按退款当天的牌价算 差额记汇兑损益', 2.92269921060095798359e-02, 1, 5.07343562008559123555e-01);
insert into exchange_texts values (67109312, 'paytalk', '我理解备案只要在开户行做一次', '', '不止 换了开户行就要重新备案', 1.01407580441802824128e-02, 1, 0.710805578776259);
insert into exchange_texts values (67109440, 'paytalk', 'q 能不能跨行冲正 a 不能 只能发起退货', '', '', 3.47234295333575526676e-02, 0, 0.0);
insert into exchange_texts values (67109441, 'paytalk', '能不能跨行冲正', '', '不能 只能发起退货', 1.0, 1, 1.0);
insert into exchange_texts values (134217728, 'paytalk', '分账的比例上限在哪里看', '', '罗 商户平台的分账菜单里写着 默认三成', 2.52372252562732601877e-01, 1, 9.29873279343828351706e-01);
insert into exchange_texts values (134217792, 'paytalk', '罗 商户平台的分账菜单里写着 默认三成', '', '三成以上要单独申请 好的 石头说的我看到了', 1.6111171470670853506e-02, 2, 4.23315170925325501283e-01);
insert into exchange_texts values (134217856, 'paytalk', '三成以上要单独申请', '', '好的 石头说的我看到了', 8.59450996484797773156e-03, 1, 1.30705161753371768007e-01);
insert into seen values ('1@chatroom', '1d8833c6678830277b34ca81f94a53fa', '447b6f86ae954dc52fe243f02e016e2d', '2024-04-01T01:00:00+00:00');
insert into seen values ('1@chatroom', 'id-小林', '小林', '2024-04-01T01:00:00+00:00');
insert into seen values ('1@chatroom', 'id-群主', '群主', '2024-04-01T01:00:00+00:00');
insert into rooms values (1, '1@chatroom', '测试群');
insert into forgotten values (1, '2026-11-28T11:48:28+00:00', '', 'contact', '', '1d8833c6678830277b34ca81f94a53fa', '', '', 2);
insert into forgotten values (2, '2026-11-28T11:48:28+00:00', '', 'name', 'paytalk', '89e7708a50bafe9858b4950d814f1ab2', '', '', 2);
insert into forgotten values (3, '2026-11-28T11:48:28+00:00', '', 'name', 'paytalk', '907c85130f7222a01593e8147a6cea01', '', '', 2);
insert into word_vectors values (67108864, X'27D8066A57B8BCE677DB1057174BFF310CA600FD31B2233247DB1D08013026FB0B01D5E7CBD62E3EF7E2F2FDFB211103FF0CE4221EF83C190AFC0D0010EA16C1C917C3E47F2DEF65FBEDD4EE1CFFFCF11D050FEC0CEDE24712E3E7321705BA04F3E6090A02EFE41AEF1DFF13EFD6D81111BEFA052747EF0A06031802F72505EE', X'03D7FC221BCED2B97FAB0E5410FB0D0CEAD816E0F0D7E52C2E00CF11D40302F5220EE0F4CAE9100202E3F511011C10EFF41DFC1900FA1EE8DEDFFCF6FBDC25DADFFECCE14631065AF6E00B0C4620F8E420EF1BEDFA0BD11F0507EB120E11CB0F08F7E52EF70DF30BDEF2191CE0E6E3012BBFE8041E4504EE05F00D18D51AF5FB');
insert into word_vectors values (67109120, X'5BB93EE8F1C909E418E8F0CEEA04ECFA0A13DCFC0306B6810C0FEF2E0B31004008C72A25FCC6EC2400EE1E071928FF1B20F4C2F4FBEF0E391EC1EB27020DF2DC1C08E53FF718E917EFEDD80115F4F8021805EBF734E0F10BDE0FEDF5DD17E0D8F4F6E7E2F9071506CF02E9EEF3D430161000F8EC0EF9F7F0F8FE0F06FF0EE4DB', X'7FA964E11ACDD9C633FEEDCFEE22CCF1211DE5EFF715CF970CFEE04B1142113AFFBC302C01CBE91D1AD20D052A2DF71F16F6D2F9D9F4113810CDEC2B14F402E81A06D2360D27E225E3EBD82006FEFE202A01DCED3CE6F520CC17F1DFE508D5C3EEE5E809E7012715D7EFE2F302CE162016FBFEEC1E0A04EB05FA121AF31CE0E3');
insert into word_vectors values (67109184, X'7FD6F6FF60CF92EC1DB80710F075F4FFB827A3C3DA1FE10A6B9BAE3C7E233CEB20A71B36E1D81AB80B0DE9E564FB2C1C372301DAF5C23A720DD3BE413CE1DFE3153A88F4ED21DF27D3F5DDDAFFEECB271FF7E418EAF2FC04DB31F2F9FDEDF59F0DCFC8D403492B13C71FE11FDB9F1601F4F01FF5ECFCFC15F2FF30DD0E08B0C5', X'7FBD55EB52E29EC03B08F7EFFA4CC3EE1722E8DBE622FEED1ED2CD512C39290EFEC12227FEE5F9F32CD0EDFA3D18FE190C06FFFAC7F21932FBECE9282BD80AFC0D0EBA0B1B2AE229DCF2E728F106FA392FF9D8F11EF8FE27CC1FFAD7FDEFDEB6F5D5E925E20B2F1FE9EBE40808CDF2190EF30EF41A160FF60EF81719F01DDAEE');
insert into word_vectors values (67109312, X'7FB121390CEE4A441EF4023DE6EF3CE523F8BFF6CCB2F0F156DE3C320FE00BD10227FA032313201C013B2AC9292B2614DA2FCD01E9E715E2FF01F6D9E2212D06F2EE160C010119051B0129D6E321F3FED6D8DE0117EE0111EE1422F6DC3E0E5129F1E2252417EE3C250E13E6F91402D30D3AE11F1DD7E00D04FFE4EF3CFC0606', X'7FA63300F6B56A3E1EF82156EFFE39EA4CF4B41BDE8EECCE51DB3848F9C4F3E4D70F10063A01143111322FDE271D2002C53BBEF8C7E41BF5E922E3F9EF2F3D010213301E0AE50CE307FC34C5EB25F221DDDCE1F81EDFEF1FF4092ADFE23504582CDCD9311F16031F1E0E0DF1FD1509C4142CE60938F9F520DB0CEEEF41FC11EB');
insert into word_vectors values (67109440, X'3A81F9BD11D442EE02034DD4F8D405E234E19F1814C4DFBC0334DA08D627D80E330AE836E1EF3B1C09F60D2C1E330CE1C8E1E90B431C10E745BDE0CA15F40DDEF919151EF4E5F13BF8D8E93814E2F01706FE0E010E07DB03E7F713CDCC2B0029CAF0031B1BF3212B1820020024BE14EE1DFA0CE501F54CEFFAE132FC0E0AE902', X'3A81F9BD11D442EE02034DD4F8D405E234E19F1814C4DFBC0334DA08D627D80E330AE836E1EF3B1C09F60D2C1E330CE1C8E1E90B431C10E745BDE0CA15F40DDEF919151EF4E5F13BF8D8E93814E2F01706FE0E010E07DB03E7F713CDCC2B0029CAF0031B1BF3212B1820020024BE14EE1DFA0CE501F54CEFFAE132FC0E0AE902');
insert into word_vectors values (67109441, X'25A5EAC021B140E7BDB658FDFCBC52AF29F3AAE83EDAB09920F0E8F723EEE30B3C01BC5AB90D7512DEF7156B072115B58DC91BEC2D2DFF182ED5D9C10DE801FD14090CFCE3DFE9282FCEC313F5CA16FEE2DF043AF314C0FFF8FD32A8D413160FBCFAE909221523481C3BF31F5C8FFEC5E40621E5EBFB7F10BFC2230FFA24ECFE', X'3A81F9BD11D442EE02034DD4F8D405E234E19F1814C4DFBC0334DA08D627D80E330AE836E1EF3B1C09F60D2C1E330CE1C8E1E90B431C10E745BDE0CA15F40DDEF919151EF4E5F13BF8D8E93814E2F01706FE0E010E07DB03E7F713CDCC2B0029CAF0031B1BF3212B1820020024BE14EE1DFA0CE501F54CEFFAE132FC0E0AE902');
insert into word_vectors values (134217728, X'5C032C431BE881184ECE304B4A31D18ABCE00A01E0F7145DA0E36122562C353033325EEEC3D645F4F4FAB92B1FD12EDC03255A381CCF0B0622E5F7E7EFDAAFE81DBDEBE8FEB53701C8C4CBD4EEE3160B0A01E844DE0BDD0E39E122F2EEC7DCF20D24F4203DBFCDCCD8F73BEC09EBF6FA0012F9D31BCFF1EDDEFDE1E0E0EB5E25', X'7F063766E800B50D2CF806223EDDC7BAF5F31442F9EAFF73C4D94441252B020D27363404CECE44F2E9ECF10127E03FC80F11312650CF04192DF4EAFCF5DAE90000CBFEF315D81BDEC0BCE7B915E928101E28F81FF521DBEC1FF4FC0AEEBD0702F56AE70417DED6DAF51C020AF9D5F8F2160D0CFE28D9FCFDF3090EF3FDF44B34');
insert into word_vectors values (134217792, X'76063064CB10EB030A16E8FE27ADCFED1E03155E0BE6F165ECDC2046FA1FDFF2152C0A12E2D431F4E7E81BE422F23AC8140009105FDBFE202901E70BFCE41710ECE30BFE1FFA01D0CBC800B92AF32A10253805FE0828E3D90504E317F2C7210CE77FE4F1F8FCE7ED0B2EDC1CF0D1FCF11F06151C27E90509040F2A0311FE2B30', X'33F32761D829020D432CDB11F0EE0BC7F206102A03CAD962D5F7284BFA34E4D8072A310309D43DEBF3F01FEC1B1931D00BE9180968E8F9373C0CDAF6E1D9270CFADF20230CFC05D2CD000FCD11FB1A2AF32BFBF91F32EEF43324F120EDDB250AE27FFAF2FC28FF0018370CFAE3F4061B1B041D271FF5F1121F0A241C18CE3526');
insert into word_vectors values (134217856, X'301C2E18FF133F167F352E28EF1B4BC0BAE1E20CEDB1CC3BBD14EC1AE80AEFE6E038020F2DC74FDC01EF3E0B074B1F0107E81CE84608EF1E3411DEF5EAC619081D0B1A32F6F210E7F12211E0F91AF42ACF03D8FB252C211740160AF9E4EE0C3CFC1FF300F63E151117152FC4E0141B4D270AFF200308EB0F2DE5F22E08CD29FA', X'BEDC0C3CF93E22197F3DD428A5545DA4B70803D1F6B4C33AC4222738FD40F5C0F0195AEC3EE339E408021AFF084A14EDF9D126FC5102F5464317D4DAC3D7300310E5354DEC010AE5E2511FFBE709F942AF09EEF43530051E63460A22EC041D05E6531BF8035B221C23314ECADA2C13500AFF1E2A090AD8193CFF0F37199B310B');
insert into word_vectors_of values ('words ce620bc6ae253692', 1.60102635622024536132e-01, 8.97980034351348876953e-02, 2);
pragma user_version = 14;
