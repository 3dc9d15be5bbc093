// name: Working hours
// outputs: 2

// Monday to Friday, 9 to 17 o'clock in the time of this machine: first output, else the second.
const now = new Date();
const workday = now.getDay() >= 1 && now.getDay() <= 5;
const open = now.getHours() >= 9 && now.getHours() < 17;
return workday && open ? [msg, null] : [null, msg];
