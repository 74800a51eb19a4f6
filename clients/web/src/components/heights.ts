/** Heights of the items of a long list: prefix sums in a Fenwick tree, every call O(log n). */
export class Heights {
  private tree = new Float64Array(1);
  private each = new Float64Array(0);
  private count = 0;

  /** How many items there are. */
  get length(): number {
    return this.count;
  }

  /** Start again with these heights. */
  reset(heights: Iterable<number>): void {
    this.each = Float64Array.from(heights);
    this.count = this.each.length;
    this.build();
  }

  /** Add an item at the end. */
  push(height: number): void {
    if (this.count === this.each.length) {
      const more = new Float64Array(Math.max(64, this.count * 2));
      more.set(this.each);
      this.each = more;
      this.each[this.count++] = height;
      this.build();
      return;
    }
    const at = this.count++;
    this.each[at] = 0;
    this.change(at, height);
  }

  /** Set the height of item `at`; what changed is returned. */
  set(at: number, height: number): number {
    return this.change(at, height - (this.each[at] ?? 0));
  }

  private change(at: number, by: number): number {
    if (by) {
      this.each[at]! += by;
      for (let i = at + 1; i < this.tree.length; i += i & -i) this.tree[i]! += by;
    }
    return by;
  }

  private build(): void {
    const size = this.each.length;
    this.tree = new Float64Array(size + 1);
    for (let i = 1; i <= size; i++) {
      this.tree[i]! += i <= this.count ? this.each[i - 1]! : 0;
      const next = i + (i & -i);
      if (next <= size) this.tree[next]! += this.tree[i]!;
    }
  }

  /** Where item `at` begins. */
  top(at: number): number {
    let sum = 0;
    for (let i = Math.min(at, this.count); i > 0; i -= i & -i) sum += this.tree[i]!;
    return sum;
  }

  get total(): number {
    return this.top(this.count);
  }

  /** The item that covers `y`. */
  at(y: number): number {
    let found = 0;
    let left = y;
    let step = 1 << Math.floor(Math.log2(Math.max(1, this.tree.length - 1)));
    for (; step; step >>= 1) {
      const next = found + step;
      if (next < this.tree.length && this.tree[next]! <= left) {
        found = next;
        left -= this.tree[next]!;
      }
    }
    return Math.max(0, Math.min(found, this.count - 1));
  }
}
