package cairn.world.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class FileLimitTest {
    private static final String HEAD = """
            Limit                     Soft Limit           Hard Limit           Units
            Max locked memory         8388608              8388608              bytes
            """;

    @Test
    void the_soft_limit_is_what_a_process_may_open() {
        assertThat(FileLimit.of(
                        HEAD + "Max open files            20000                524288               files     \n"))
                .isEqualTo(20_000);
    }

    @Test
    void a_process_without_a_limit_may_open_as_many_as_can_be_counted() {
        assertThat(FileLimit.of(
                        HEAD + "Max open files            unlimited            unlimited            files     \n"))
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(FileLimit.of(
                        HEAD + "Max open files            99999999999          unlimited            files     \n"))
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void a_system_that_says_nothing_grants_what_every_system_does() {
        assertThat(FileLimit.of(HEAD)).isEqualTo(1024);
        assertThat(FileLimit.of(HEAD + "Max open files            many\n")).isEqualTo(1024);
    }

    @Test
    void this_process_may_open_what_its_own_system_says() {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        assertThat(FileLimit.ofThisProcess())
                .isEqualTo((int) Math.min(Integer.MAX_VALUE, system.getMaxFileDescriptorCount()));
    }
}
