export function draw<Item>(items: readonly Item[], seed: number): Item[];
