// What counts among what was found: which plugins a question and the choices leave, and which of them goes before which.

/** What is found by its words is worth less than this, names that begin so more, and the exact name most. */
const CEILING = 400;
export const NAME_BEGINS = 500;
export const EXACT_NAME = 2000;
/** Where few plugins have all words: how much of what was asked for one must have. */
const LEAST_SHARE = 0.5;
/** Where fewer plugins than this have all words, those with most of them are shown too. */
const FEW = 3;

/** The plugins that all choices leave; and of each value how many there are with what the other facets leave. */
export function narrow(columns, chosen, scores, count) {
  const all = columns.map((column) => ({ ...column, wanted: wanted(column, chosen[column.id]), tally: new Uint32Array(column.combinations.length) }));
  const found = [];
  for (let number = 0; number < count; number += 1) {
    if (scores && scores[number] === 0) continue;
    let refusals = 0;
    let refusing = null;
    for (const column of all) {
      if (column.wanted === null || column.wanted[column.of[number]]) continue;
      refusals += 1;
      refusing = column;
      if (refusals > 1) break;
    }
    if (refusals === 0) {
      found.push(number);
      for (const { tally, of } of all) tally[of[number]] += 1;
    } else if (refusals === 1) {
      refusing.tally[refusing.of[number]] += 1;
    }
  }
  return { found, counts: Object.fromEntries(all.map((column) => [column.id, expanded(column)])) };
}

function expanded({ values, combinations, tally }) {
  const counts = new Array(values.length).fill(0);
  combinations.forEach((places, combination) => places.forEach((place) => (counts[place] += tally[combination])));
  return counts;
}

/** For each combination of a column whether it has one of the chosen values. */
function wanted(column, chosen) {
  if (!chosen || chosen.length === 0) return null;
  const places = new Set(column.values.flatMap(([value], place) => (chosen.includes(value) ? [place] : [])));
  return column.combinations.map((combination) => combination.some((place) => places.has(place)));
}

/**
 * Plugins that have all words, the rarer words weighing more; where that are few, those with the greater part of what
 * was asked for, behind them. Names go before both.
 */
export function combine(answers, names, count) {
  const rarities = answers.map(({ found }) => Math.log(1 + count / Math.max(found, 1)));
  const whole = rarities.reduce((sum, rarity) => sum + rarity, 0);
  const scores = new Float32Array(count);
  const shares = new Float32Array(count);
  answers.forEach(({ weights, isEverywhere }, index) => {
    for (let number = 0; number < count; number += 1) {
      scores[number] += weights[number] * rarities[index];
      if (weights[number] > 0 || isEverywhere) shares[number] += rarities[index] / whole;
    }
  });
  const joinedRarity = Math.log(1 + count / Math.max(names.found, 1));
  let all = 0;
  let most = 0;
  for (let number = 0; number < count; number += 1) {
    if (names.weights[number] > 0) {
      scores[number] = Math.max(scores[number], names.weights[number] * joinedRarity);
      shares[number] = 1;
    }
    if (scores[number] === 0) continue;
    if (isWhole(shares[number])) all += 1;
    most = Math.max(most, shares[number]);
  }
  const least = all >= FEW || names.hasExact || names.lifts.size > 0 ? 1 : Math.min(LEAST_SHARE, most);
  let total = 0;
  for (let number = 0; number < count; number += 1) {
    const lift = names.lifts.get(number) ?? 0;
    const worth = (CEILING * scores[number]) / (CEILING + scores[number]);
    if (lift > 0) scores[number] = lift + worth;
    else if (scores[number] > 0 && isWhole(shares[number])) scores[number] = 1 + worth;
    else if (scores[number] > 0 && shares[number] >= least - 1e-6) scores[number] = (shares[number] * worth) / CEILING;
    else scores[number] = 0;
    if (scores[number] > 0) total += 1;
  }
  return { scores, total, done: all > 0 || names.lifts.size > 0 ? "all" : "some" };
}

/** Shares are sums of fractions. */
function isWhole(share) {
  return share > 1 - 1e-4;
}
