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
insert into _sqlite_migrations values (1, 'palou', 'm001_knowledge_and_record', '2026-11-28 07:50:17.919780+00:00');
insert into _sqlite_migrations values (2, 'palou', 'm002_vectors', '2026-11-28 07:50:17.920058+00:00');
insert into _sqlite_migrations values (3, 'palou', 'm003_sureness', '2026-11-28 07:50:17.921936+00:00');
insert into _sqlite_migrations values (4, 'palou', 'm004_one_word', '2026-11-28 07:50:17.933489+00:00');
insert into _sqlite_migrations values (5, 'palou', 'm005_questions', '2026-11-28 07:50:17.936992+00:00');
insert into _sqlite_migrations values (6, 'palou', 'm006_hedged', '2026-11-28 07:50:17.937291+00:00');
insert into _sqlite_migrations values (7, 'palou', 'm007_said', '2026-11-28 07:50:17.941765+00:00');
insert into _sqlite_migrations values (8, 'palou', 'm008_identities', '2026-11-28 07:50:17.943981+00:00');
insert into _sqlite_migrations values (9, 'palou', 'm009_ids', '2026-11-28 07:50:17.944304+00:00');
insert into _sqlite_migrations values (10, 'palou', 'm010_spans', '2026-11-28 07:50:17.945473+00:00');
insert into _sqlite_migrations values (11, 'palou', 'm011_senders', '2026-11-28 07:50:17.946242+00:00');
insert into _sqlite_migrations values (12, 'palou', 'm012_word_vectors', '2026-11-28 07:50:17.946430+00:00');
insert into _sqlite_migrations values (13, 'palou', 'm013_contact_senders', '2026-11-28 07:50:17.946588+00:00');
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
insert into loads values (1, '2026-11-28T07:50:17+00:00', 4.25310031001572497189e-01, '5-add34b9bad4b50b3');
insert into loads values (2, '2026-11-28T07:50:18+00:00', 6.91941599507117643952e-03, '5-add34b9bad4b50b3');
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
insert into forgotten values (1, '2026-11-28T07:50:18+00:00', '', 'contact', '', '1d8833c6678830277b34ca81f94a53fa', '', '', 2);
insert into forgotten values (2, '2026-11-28T07:50:18+00:00', '', 'name', 'paytalk', '89e7708a50bafe9858b4950d814f1ab2', '', '', 2);
insert into forgotten values (3, '2026-11-28T07:50:18+00:00', '', 'name', 'paytalk', '907c85130f7222a01593e8147a6cea01', '', '', 2);
insert into word_vectors values (67108864, X'25D803704CA5C9F07FB90A7206470029F5A8F2F325BC0C2853CE1114FC2726091D12CC08E2CE3047EBE80308043C060102FCFD19F3034105FC0C0B18FEE011BFC32DD2F8711A0E5CF6F6E4E8F210FF0503060DDA0AF5DC480FF0E62E0F12C205F3EC0D0011FCEE11DC14F2FCF1CBD81112C3F90A4040FE02FC0925F70421F1F8', X'01DC022E12CCD4BF7FA1FB4E0B01130EE2D711DAE5D2E02632F7CF11D00107F62414D506D8E60A01F7F0FB190F2B0FF0F01D0C0BEE001BD5D2E90A02FAD91AD8E310E0EA3C1F1554FDDB050C2921070316F21DEDFD0DDB270907ED19FE16DD09050DE228FB18FBFEDAF11316E5ECDF0122BAED0B2731F9FAFAF40113E918E6F6');
insert into word_vectors values (67109120, X'66B036DFF3C516DD20EFEFBDDD19F9FDFE14D9F8FD09AE810D20ED34F9280A3108CB231804D8F21405EE1B0B252BFC1D0EF7DCEAF3F1062716C5E02C0210EBDB1D1AF22AED18ED14F7F3D1F724FAEDFF29FDF1023EDAE509EC12ECF9E020D6CCFAFBDBF0F9001103E105F9E4F3D63205190012E6FFECF7EBEB0218040714E7D9', X'7FAE51DE1CCDE4C336FDE8CCE128DDF10D17DDE8F319D5A2020DDC42002E1326FDD322120AD9EB101ED80B0D2D32F31F0BFAF0F2D4F10B2915D3E12C08FA00E8130BDF140D29EA16E9EBDD16130FF1192EFFE0F53BE3EF12D716F8E9ED17D1C4FEE4E813F4FD1E10EFECEBE405D5141722F80DDB0EFA09EBFEFD1713F421E6EC');
insert into word_vectors values (67109184, X'7FD7FAF64ADAACE010BDF810F161EF00C724BBD4D622DFFB5AAED8314C1E29F011B11F36ECE132C60C0903EC5217351528190DE6E6C2325C05F8C63842FBE2CC0B44A0DEF61FE907CEFCC9E91504D01F2BF8E60119F3F019F318F1FB0409EA8A27D1C3E528311A1CDA18D91AE4BE0AF206E82DEBF203FCF9F7FF2FE009F9AEC7', X'7FC546E949E1ADBD38FCEAF4EE3CCEEC0819DFDAE52604E70CE3D23F18271E08F8DB191207E4F9F72CD7F7053529FD190D040DFAC3E8162F0CF2E1281AE70CF30509C5EF232FEB10D9ECEA25001DF12D2A00D8ED24F4FB19D11603E30306DBBA0CCEEF25FD07231BFBE3DDF60DD6F21B1EEF0DDC140A15F20EFA1812EA1EDDFA');
insert into word_vectors values (67109312, X'7FB00F25F1E353411EFEFC4BFEFB3FD82702CEE4BEA9F8F240DC4836FFE909E91B14F909290C23200F2B34E11C262B14D330CAFDF3FE26E0FD04E2D2F0273016E7F61D01FF1013F328052CDCE51C13EFC7CFCF060701E10FFD0B13EBDB27184C11E9EB142618F12D1801330EE01D0BE50D35E12219DA09070607E6F33AF20B10', X'7FAD20F6DBA86F3E1FFF0F5A030839D14AF8C7FFCC87E9D13ACF454BF5D5F6F3E6F413053AF71A421C2633EF20142902C23ABDEDD5F62FEEE121D2F20633411BEC142E0B03FD06E013013BD3F5181509C2D9D0FF12F2DA230E0422D0E228155013D0E8151D1DFE1717052512F52C0FD9232BDB0639011C1AF813EBF636F70FFB');
insert into word_vectors values (67109440, X'4381F4C510D53FE6FBF841C2F8E303D82AE2A31C0DCEDDA30B32F21DCA18EA1C20FCEB2AE3EC2C2511F31C27084110E4C6D8E702461003E347BDE5E317020CE9F606072305DFF621E6D5FE2908E8E20C0EFD04F60F02F11CF1D802DAD5300B28C7E7082819FF231216200DFCFCB9FFDA34EC10E607FF5DFEFCEA3DFE0C1BF5EC', X'4381F4C510D53FE6FBF841C2F8E303D82AE2A31C0DCEDDA30B32F21DCA18EA1C20FCEB2AE3EC2C2511F31C27084110E4C6D8E702461003E347BDE5E317020CE9F606072305DFF621E6D5FE2908E8E20C0EFD04F60F02F11CF1D802DAD5300B28C7E7082819FF231216200DFCFCB9FFDA34EC10E607FF5DFEFCEA3DFE0C1BF5EC');
insert into word_vectors values (67109441, X'38ADECCB27BE33ECC5BD47E707CA41B215EAC3FA36ECA28226F80907FFDBF4120F01CA3CC4FD6623F0F52252ED2B3BBD95CC13E72D1DF30933E3DED910F8F7FE10F10DF2EED5EB0E0ED3D705D7D10C0DE6E7F138FF03D820FAD42DBDE2122E12C405F52611242A261632F80B3E81ECCC03F326E8FE0D751ECDBB2106EE3C00EE', X'4381F4C510D53FE6FBF841C2F8E303D82AE2A31C0DCEDDA30B32F21DCA18EA1C20FCEB2AE3EC2C2511F31C27084110E4C6D8E702461003E347BDE5E317020CE9F606072305DFF621E6D5FE2908E8E20C0EFD04F60F02F11CF1D802DAD5300B28C7E7082819FF231216200DFCFCB9FFDA34EC10E607FF5DFEFCEA3DFE0C1BF5EC');
insert into word_vectors values (134217728, X'6000101C00F7A3183FD81D55562AE381D2EFF702EE0207639BEC3C3D40FD10282F2353E8DFE4410506E3D44E0E1244EB181E564005EC1D051BE0D2EBFDC1A5F318B8ECDEFCD453FFCDC4D6EA01C819F81202E433E521C70130E113FD00D3E1F0FE0CE9125BCFCFAFDCD839FD00F3DDFD050AE6CA24E5F0EADCF5D1D5CCEF481B', X'7F02274BDCFFBE082EF7FC3445F1E4A4FAE8033BF8F1FB75B4E8284D1B06EA1F282E32F0D2D63AEA07D8EC251A0D54E01017271E27E4FD0F25F0CE0710B7D50E0DBCFCDD14EE46E6C9B9E1CE1DDF1A08261C0D17EF20C7F41FE2F40CECC007F2F148D30D3DD7DAC8E1F7FC0CE2E6E30117F302F02ADAFEFAE404F9EADDFD3B33');
insert into word_vectors values (134217792, X'7F033364C407E4F81514DF0C26C2EBD71EE60E6103E5F16BDBEA0D4AF40ECE11192D0AFBD0D226D806D706F91E0650DE050CF4F93DE3E2142602D61F1EBE092201CE0AE425082BD5D1BFF2C030FB14152E2D2EF9FA18D5EB09E9DB16DFBD28F6E96ECA0515E8EDEAEC14C718CDE0EE0421E11B1526D90A09F1101E02F40A233D', X'3BE72763C52502075F2BD419E4021EB1E1E1102805BAD664CC141250EC23CDF809232F0F0FC93EC61BE0050A243550DD19E4070B5EF5E72F32F2DF0EFAB92B280DD4290D050B3CCFCAFAFDC506FE0649FC1112EC1228D9134B07DA12DFDD29FEE17FFC040116FBFAEE28F4FAC2EE064832E0202514D30B0B1F05281705C53A28');
insert into word_vectors values (134217856, X'1E0C2E12F01C3A137F2C2D28E61D36BEB7D9E7FFF9B5D52FC728E106D8F9E6ECEB1AF9244CC74BD00FF21B1A0B4C2C0519DF160C400BF21C1DE8F809E0BF200C1209122BE5F31ED8E81E05D7F10CF940DEE7E5F9192E10205607EDE6E5000A2C0A1D0813E2340713001923C6E203205C3807EE12DEE50F0522F0FF2D12CA2FF5', X'CCD40429E73224157F2DE01AA84A47B2ADEC09D005B0CF23D73A0D29EE27E9DFF2043F1E4FDE36D225FC0118164C24F021C618195010FA3424E9FCF2D4DC3A1814F43635DE082DE3E0410BECD202F25CC5E6E7E92324F5366D25ED03F2161309EA4B3800EA3E0E10FB292EDCD9071E6D28F21322F4E6060642F51D23169833F9');
insert into word_vectors_of values ('words 4319424757de55b2', 1.34124517440795898437e-01, 1.4122536778450012207e-01, 2);
pragma user_version = 13;
