// name: Flatten object
// outputs: 1

// {"a": {"b": 1, "c": [2, 3]}} becomes {"a.b": 1, "a.c.0": 2, "a.c.1": 3}.
const flat = {};
function isInner(value) {
    return value !== null && typeof value === "object" && !Buffer.isBuffer(value) && !(value instanceof Date)
        && Object.keys(value).length > 0;
}
function walk(value, path) {
    for (const key of Object.keys(value)) {
        const place = path === "" ? key : path + "." + key;
        if (isInner(value[key])) {
            walk(value[key], place);
        } else {
            flat[place] = value[key];
        }
    }
}
if (isInner(msg.payload)) {
    walk(msg.payload, "");
    msg.payload = flat;
}
return msg;
