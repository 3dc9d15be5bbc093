// name: Moving average
// outputs: 1

const SIZE = 10;
const value = Number(msg.payload);
if (!Number.isFinite(value)) {
    node.warn("no number: " + msg.payload);
    return null;
}
const key = "values " + (msg.topic || "");
const values = context.get(key) || [];
values.push(value);
if (values.length > SIZE) {
    values.shift();
}
context.set(key, values);
msg.payload = values.reduce((sum, each) => sum + each, 0) / values.length;
return msg;
