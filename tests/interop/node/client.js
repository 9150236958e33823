// The Node client, node-zookeeper-client, put through an ordinary program's day against the ensemble whose connect string is
// given:
//
//     node client.js HOST:PORT,HOST:PORT,HOST:PORT SCENARIO
//
// SCENARIO basics: create, read, watch, update, ephemeral, sequential, transaction, ACL. SCENARIO reconnect: prints "ready" once
// an ephemeral is there, waits for a line on its input (the leader has been killed meanwhile), and goes on with the same
// session. Prints the first thing that is not as it should be and exits with 1.
'use strict';
const assert = require('node:assert');
const readline = require('node:readline');
const zookeeper = require('node-zookeeper-client');

const { CreateMode, Exception } = zookeeper;
const zk = zookeeper.createClient(process.argv[2], { sessionTimeout: 20000, retries: 30, spinDelay: 200 });
const timer = setTimeout(() => fail(new Error('no end within 90 s')), 90000);

function fail(error) {
  console.log('not as it should be: ' + error.stack);
  process.exit(1);
}

// A call of the client as a promise of its results.
function ask(name, ...args) {
  return new Promise((resolve, reject) => zk[name](...args, (error, ...results) => error ? reject(error) : resolve(results)));
}

async function refused(promise, code) {
  await assert.rejects(promise, (error) => error.getCode && error.getCode() === Exception[code]);
}

// A watcher, and the promise of the event that it will be told.
function watch() {
  let told;
  const event = new Promise((resolve) => { told = resolve; });
  return [(one) => told(one), event];
}

async function basics() {
  assert.deepStrictEqual(await ask('create', '/n', Buffer.from('one')), ['/n']);
  await refused(ask('create', '/n', Buffer.from('one')), 'NODE_EXISTS');
  const [changed, change] = watch();
  let [data, stat] = await ask('getData', '/n', changed);
  assert.strictEqual(data.toString(), 'one');
  assert.strictEqual(stat.version, 0);
  [stat] = await ask('setData', '/n', Buffer.from('three'), 0);
  assert.deepStrictEqual([stat.version, stat.dataLength], [1, 5]);
  let event = await change;
  assert.deepStrictEqual([event.getName(), event.getPath()], ['NODE_DATA_CHANGED', '/n']);
  await refused(ask('setData', '/n', Buffer.from('x'), 0), 'BAD_VERSION');

  const [childWatcher, childEvent] = watch();
  assert.deepStrictEqual((await ask('getChildren', '/n', childWatcher))[0], []);
  assert.deepStrictEqual(await ask('create', '/n/e', null, CreateMode.EPHEMERAL), ['/n/e']);
  event = await childEvent;
  assert.deepStrictEqual([event.getName(), event.getPath()], ['NODE_CHILDREN_CHANGED', '/n']);
  [stat] = await ask('exists', '/n/e');
  assert.ok(stat.ephemeralOwner.equals(zk.getSessionId()), 'the owner of the ephemeral');
  await refused(ask('create', '/n/e/x'), 'NO_CHILDREN_FOR_EPHEMERALS');
  for (const expected of ['/n/s-0000000001', '/n/s-0000000002'])
    assert.deepStrictEqual(await ask('create', '/n/s-', CreateMode.PERSISTENT_SEQUENTIAL), [expected]);
  assert.deepStrictEqual((await ask('getChildren', '/n'))[0].sort(), ['e', 's-0000000001', 's-0000000002']);

  const commit = (transaction) => new Promise((resolve, reject) =>
    transaction.commit((error, results) => error ? reject(Object.assign(error, { results })) : resolve(results)));
  const results = await commit(zk.transaction().create('/n/t', Buffer.from('1')).setData('/n/t', Buffer.from('2'), 0).check('/n', 1));
  assert.strictEqual(results[0].path, '/n/t');
  await assert.rejects(commit(zk.transaction().remove('/n/t').check('/n', 77)), (error) => error.getCode() === Exception.BAD_VERSION);
  assert.strictEqual((await ask('getData', '/n/t'))[0].toString(), '2', 'nothing of the transaction was done');

  const [acls] = await ask('getACL', '/n');
  assert.deepStrictEqual([acls.length, acls[0].id.scheme, acls[0].permission], [1, 'world', 31]);
  await refused(ask('remove', '/n', -1), 'NOT_EMPTY');
  for (const child of (await ask('getChildren', '/n'))[0]) await ask('remove', '/n/' + child, -1);
  const [goneWatcher, gone] = watch();
  assert.ok((await ask('exists', '/n', goneWatcher))[0]);
  await ask('remove', '/n', -1);
  assert.strictEqual((await gone).getName(), 'NODE_DELETED');
  assert.strictEqual((await ask('exists', '/n'))[0], null);
  await ask('mkdirp', '/a/b/c');
  assert.ok((await ask('exists', '/a/b/c'))[0]);
}

async function reconnect() {
  await ask('create', '/r', Buffer.from('mine'), CreateMode.EPHEMERAL);
  const session = zk.getSessionId().toString('hex');
  const [watcher, event] = watch();
  await ask('exists', '/later', watcher);
  console.log('ready');
  await new Promise((resolve) => readline.createInterface({ input: process.stdin }).once('line', resolve));
  for (;;) {
    try {
      await ask('setData', '/r', Buffer.from('still'), -1);
      break;
    } catch (error) {
      if (!error.getCode || error.getCode() !== Exception.CONNECTION_LOSS) throw error;
    }
  }
  assert.strictEqual(zk.getSessionId().toString('hex'), session, 'the same session');
  assert.strictEqual((await ask('exists', '/r'))[0].ephemeralOwner.toString('hex'), session);
  await ask('create', '/later', null, CreateMode.EPHEMERAL);
  assert.strictEqual((await event).getName(), 'NODE_CREATED', 'the watch was set again');
}

zk.once('connected', () => {
  (process.argv[3] === 'basics' ? basics() : reconnect()).then(() => {
    clearTimeout(timer);
    console.log('done');
    zk.once('disconnected', () => process.exit(0));
    zk.close();
  }).catch(fail);
});
zk.connect();
