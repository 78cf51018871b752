// A puppet-service gateway over a mocked WeChat. Reads commands and writes events, a line of JSON
// each: the test is the group, this is the phone.
//
//   {"do": "say", "by": ID, "text": …, "room"?: ID, "mention"?: [ID], "id"?: ID, "at"?: ms}
//       in a room, else privately to the bot; with the id of an earlier message: that one again
//   {"do": "picture", "by": ID, "room"?: ID}      {"do": "topic", "room": ID, "topic": …}
//   {"do": "logout"}
//
// Events: listening, connected (the bot hears), said {id, heard}, sent {id, to, text, mention}.
import { createInterface } from 'node:readline'
import { types } from 'wechaty-puppet'
import { PuppetMock, mock } from 'wechaty-puppet-mock'
import { PuppetServer } from 'wechaty-puppet-service'

const { PORT, TOKEN, WORLD } = process.env
const world = JSON.parse(WORLD) // {bot: ID, contacts: {ID: name}, rooms: {ID: topic}}
const tell = (event, fields = {}) => process.stdout.write(JSON.stringify({ event, ...fields }) + '\n')

const mocker = new mock.Mocker()
let count = 0

function deliver (payload) {
  try {
    mocker.MessageMock.load(payload.id)
  } catch {
    mocker.MessageMock.create(payload)
  }
  mocker.puppet.emit('message', { messageId: payload.id })
}

function message (by, to, { id, at, ...rest }) {
  const place = to in world.rooms ? { roomId: to } : { listenerId: to }
  return {
    id: id ?? `${process.pid}-${++count}`,
    mentionIdList: [],
    talkerId: by,
    timestamp: at ?? Date.now(),
    type: types.Message.Text,
    ...place,
    ...rest,
  }
}

// The mock's own sending loses the mentions and gives no id.
class Phone extends PuppetMock {
  async messageSendText (to, text, mentionIdList = []) {
    if (!this.isLoggedIn) throw new Error('not logged in')
    const payload = message(world.bot, to, { mentionIdList, text })
    tell('sent', { id: payload.id, mention: mentionIdList, text, to })
    deliver(payload)
    return payload.id
  }
}

// Runs at every start of the puppet, that is at every connection of the bot.
mocker.use(() => {
  mocker.login(mocker.ContactMock.load(world.bot))
  return () => {}
})

const puppet = new Phone({ mocker })
for (const [id, name] of Object.entries(world.contacts)) {
  mocker.createContact({ id, name, type: types.Contact.Individual })
}
for (const [id, topic] of Object.entries(world.rooms)) {
  mocker.createRoom({ id, memberIdList: Object.keys(world.contacts), topic })
}
puppet.on('error', error => tell('error', { error: String(error?.message ?? error) }))
const unheard = puppet.listenerCount('message')
const heard = () => puppet.listenerCount('message') > unheard && puppet.isLoggedIn

const commands = {
  say ({ by, room, text, mention = [], id, at }) {
    const payload = message(by, room ?? world.bot, { at, id, mentionIdList: mention, text })
    tell('said', { heard: heard(), id: payload.id })
    deliver(payload)
  },
  picture ({ by, room }) {
    deliver(message(by, room ?? world.bot, { type: types.Message.Image }))
  },
  async topic ({ room, topic }) {
    mocker.roomPayload(room).topic = topic
    await puppet.dirtyPayload(types.Payload.Room, room)
    tell('topic', { room, topic })
  },
  logout () {
    return puppet.logout('test')
  },
}

const server = new PuppetServer({ endpoint: `127.0.0.1:${PORT}`, puppet, tls: { disable: true }, token: TOKEN })
await server.start()
tell('listening')

let was = false
setInterval(() => {
  if (heard() !== was) tell((was = heard()) ? 'connected' : 'disconnected')
}, 10).unref()

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...rest } = JSON.parse(line)
  try {
    await commands[name](rest)
  } catch (error) {
    tell('error', { error: String(error?.message ?? error) })
  }
}
process.exit(0) // The test has gone, and so goes its gateway.
