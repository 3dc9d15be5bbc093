// name: Slug
// outputs: 1

// "Crème brûlée, 2 pieces" becomes "creme-brulee-2-pieces".
msg.payload = String(msg.payload)
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
return msg;
