const BUCKETS_FIRST = 64;
const SPARE_MAX = 1024;
/**
 * A map from whole numbers for entries that come and go with every operation.
 *
 * JavaScript's own Map is built anew after a few dozen insertions and deletions, and each of its
 * former tables leads to the next. Once one of them has grown old, all later ones live on until the
 * next full collection, together with what was in them: half of all that short operations leave
 * behind. Here an entry goes without a trace.
 */
export class ChurnMap {
    #buckets = emptyBuckets(BUCKETS_FIRST);
    #spare = null;
    #spareCount = 0;
    #size = 0;
    get size() {
        return this.#size;
    }
    /** O(1), on average. */
    get(key) {
        return this.#find(key)?.value ?? undefined;
    }
    /** O(1), amortised and on average. */
    set(key, value) {
        const known = this.#find(key);
        if (known !== null) {
            known.value = value;
            return;
        }
        if (this.#size >= this.#buckets.length)
            this.#grow();
        const entry = this.#take();
        entry.key = key;
        entry.value = value;
        this.#link(entry);
        this.#size++;
    }
    /** Whether there was one. O(1), on average. */
    delete(key) {
        const bucket = this.#bucketOf(key);
        let before = null;
        let entry = this.#buckets[bucket] ?? null;
        while (entry !== null && entry.key !== key) {
            before = entry;
            entry = entry.next;
        }
        if (entry === null)
            return false;
        if (before === null)
            this.#buckets[bucket] = entry.next;
        else
            before.next = entry.next;
        this.#keep(entry);
        this.#size--;
        return true;
    }
    #find(key) {
        let entry = this.#buckets[this.#bucketOf(key)] ?? null;
        while (entry !== null && entry.key !== key)
            entry = entry.next;
        return entry;
    }
    /** The low bits: page ids are dense, and hashes are spread already. */
    #bucketOf(key) {
        return key & (this.#buckets.length - 1);
    }
    #link(entry) {
        const bucket = this.#bucketOf(entry.key);
        entry.next = this.#buckets[bucket] ?? null;
        this.#buckets[bucket] = entry;
    }
    #grow() {
        const old = this.#buckets;
        this.#buckets = emptyBuckets(old.length * 2);
        for (const first of old) {
            for (let entry = first; entry !== null;) {
                const { next } = entry;
                this.#link(entry);
                entry = next;
            }
        }
    }
    #take() {
        const spare = this.#spare;
        if (spare === null)
            return { key: 0, value: null, next: null };
        this.#spare = spare.next;
        this.#spareCount--;
        return spare;
    }
    #keep(entry) {
        entry.value = null;
        entry.next = null;
        if (this.#spareCount >= SPARE_MAX)
            return;
        entry.next = this.#spare;
        this.#spare = entry;
        this.#spareCount++;
    }
}
function emptyBuckets(count) {
    return Array.from({ length: count }, () => null);
}
