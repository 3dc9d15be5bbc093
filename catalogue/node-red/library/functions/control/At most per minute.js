// name: At most per minute
// outputs: 2

// The first 5 messages of each topic within a minute go to the first output, the others to the second.
const LIMIT = 5;
const now = Date.now();
const key = "times " + (msg.topic || "");
const times = (context.get(key) || []).filter((time) => now - time < 60000);
const free = times.length < LIMIT;
if (free) {
    times.push(now);
}
context.set(key, times);
return free ? [msg, null] : [null, msg];
