package cairn.simulation;

import java.util.NavigableMap;
import java.util.TreeMap;

/** Names twice: as every process sees them, and as they are on the platter. */
final class StoredDirectory implements StoredNode {

    private TreeMap<String, StoredNode> seen = new TreeMap<>();
    private final TreeMap<String, StoredNode> durable = new TreeMap<>();

    NavigableMap<String, StoredNode> seen() {
        return seen;
    }

    NavigableMap<String, StoredNode> durable() {
        return durable;
    }

    /** Returns to what is durable, everywhere below. */
    void losePower(PowerCut cut) {
        seen = new TreeMap<>(durable);
        for (StoredNode node : seen.values()) {
            switch (node) {
                case StoredFile file -> file.losePower(cut);
                case StoredDirectory directory -> directory.losePower(cut);
            }
        }
    }

    @Override
    public long pages() {
        long pages = 0;
        for (StoredNode node : seen.values()) {
            pages += node.pages();
        }
        return pages;
    }
}
