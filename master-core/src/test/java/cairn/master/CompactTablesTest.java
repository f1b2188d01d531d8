package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.wire.proto.ReplicaReport;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The tables of the master that are made for millions of chunks do what the JDK's trees do. */
final class CompactTablesTest {
    private static final int STEPS = 20_000;

    private final SplittableRandom random = new SplittableRandom(7);

    /** Near the beginning, at the edges of pages, far away and beyond the signed ones. */
    private ChunkHandle handle() {
        long near = random.nextLong(5_000);
        return new ChunkHandle(
                switch (random.nextInt(8)) {
                    case 0 -> near << 40;
                    case 1 -> -1 - near;
                    default -> near;
                });
    }

    @Test
    void a_chunk_table_is_a_map_in_the_order_of_the_handles() {
        ChunkTable<String> table = new ChunkTable<>();
        NavigableMap<ChunkHandle, String> tree = new TreeMap<>();
        for (int i = 0; i < STEPS; i++) {
            ChunkHandle handle = handle();
            if (random.nextInt(5) < 2) {
                table.remove(handle);
                tree.remove(handle);
            } else {
                assertThat(table.put(handle, handle + "/" + i)).isEqualTo(tree.put(handle, handle + "/" + i));
            }
            ChunkHandle other = handle();
            assertThat(table.get(other)).isEqualTo(tree.get(other));
            assertThat(table.contains(other)).isEqualTo(tree.containsKey(other));
            if (i % 100 == 0) {
                assertThat(table.after(other))
                        .containsExactlyElementsOf(tree.tailMap(other, false).values());
            }
        }
        assertThat(table.size()).isEqualTo(tree.size());
        List.copyOf(tree.keySet()).forEach(table::remove);
        assertThat(table.size()).isZero();
        assertThat(table.after(new ChunkHandle(0))).isEmpty();
    }

    @Test
    void a_handle_set_is_a_set_in_the_order_of_the_handles() {
        HandleSet set = new HandleSet();
        NavigableSet<ChunkHandle> tree = new TreeSet<>();
        for (int i = 0; i < STEPS; i++) {
            ChunkHandle handle = handle();
            if (random.nextInt(5) < 2) {
                set.remove(handle);
                tree.remove(handle);
            } else {
                set.add(handle);
                tree.add(handle);
            }
            ChunkHandle other = handle();
            assertThat(set.contains(other)).isEqualTo(tree.contains(other));
            if (i % 100 == 0) {
                assertThat(set.after(other)).containsExactlyElementsOf(tree.tailSet(other, false));
                assertThat(set.from(other)).containsExactlyElementsOf(tree.tailSet(other, true));
            }
        }
        assertThat(set.size()).isEqualTo(tree.size());
        assertThat(set.list()).containsExactlyElementsOf(tree);
        set.clear();
        assertThat(set.isEmpty()).isTrue();
    }

    @Test
    void holders_are_a_map_in_the_order_of_the_servers_and_keep_equal_reports_once() {
        Holders holders = new Holders();
        NavigableMap<ServerId, ReplicaReport> tree = new TreeMap<>();
        for (int i = 0; i < STEPS; i++) {
            ServerId server = new ServerId(random.nextInt(1, 12));
            ReplicaReport report =
                    ReplicaReport.newBuilder().setFence(random.nextInt(3)).build();
            if (random.nextInt(5) < 2) {
                assertThat(holders.remove(server)).isEqualTo(tree.remove(server));
            } else {
                holders.put(server, report);
                tree.put(server, report);
            }
            List<ServerId> told = new ArrayList<>();
            holders.forEach((id, each) -> {
                assertThat(each).isEqualTo(tree.get(id));
                told.add(id);
            });
            assertThat(told).containsExactlyElementsOf(tree.keySet());
            assertThat(holders.servers()).containsExactlyElementsOf(tree.keySet());
            assertThat(holders.isEmpty()).isEqualTo(tree.isEmpty());
            assertThat(holders.contains(server)).isEqualTo(tree.containsKey(server));
            assertThat(holders.any((id, each) -> each.getFence() == 2))
                    .isEqualTo(tree.values().stream().anyMatch(each -> each.getFence() == 2));
        }
        Holders alike = new Holders();
        alike.put(new ServerId(1), ReplicaReport.newBuilder().setFence(9).build());
        alike.put(new ServerId(2), ReplicaReport.newBuilder().setFence(9).build());
        assertThat(alike.get(new ServerId(2))).isSameAs(alike.get(new ServerId(1)));
    }
}
