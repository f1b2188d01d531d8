package cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cairn.bench.Measured;
import cairn.bench.Run;
import cairn.bench.Workload;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

final class BenchChartTest {
    private static final Pattern WHISKER = Pattern.compile("M(\\S+) .*M(\\S+) \\S+M.*");
    private static final double FULL = 290;

    private static final List<Measured> TWO_SYSTEMS = List.of(
            new Measured(Workload.WRITE_1, "cairn", List.of(run(50, 4), run(100, 2), run(200, 1)), ""),
            new Measured(Workload.WRITE_1, "hdfs", List.of(run(20, 8)), "with \"<&>\""));

    @Test
    void a_bar_is_as_long_as_its_median_and_its_whisker_reaches_from_the_least_to_the_most() throws Exception {
        Document chart = parse(BenchChart.svg(TWO_SYSTEMS));
        // For each system the rate, the most of which is 200, then the CPU, the most of which is 8.
        assertThat(numbers(all(chart, "rect", "bar"), "width"))
                .usingElementComparator((a, b) -> Math.abs(a - b) < 0.1 ? 0 : 1)
                .containsExactly(FULL / 2, FULL / 4, FULL / 10, FULL);
        List<Element> whiskers = all(chart, "path", "whisker");
        assertThat(ends(whiskers.get(0))).isEqualTo(List.of(100 + FULL / 4, 100 + FULL));
        assertThat(ends(whiskers.get(1)).get(0)).isCloseTo(560 + FULL / 8, within(0.1));
        assertThat(ends(whiskers.get(2))).containsOnly(100 + FULL / 10);
    }

    @Test
    void each_system_has_one_colour_and_its_words_stand_beside_its_bars() throws Exception {
        Document chart = parse(BenchChart.svg(TWO_SYSTEMS));
        List<String> colours = all(chart, "rect", "bar").stream()
                .map(bar -> bar.getAttribute("fill"))
                .toList();
        assertThat(colours.get(0)).isEqualTo(colours.get(1)).isNotEqualTo(colours.get(2));
        assertThat(texts(chart))
                .contains("cairn", "hdfs", "100 MiB/s", "2 s/GiB", "20 MiB/s", "8 s/GiB", "hdfs: with \"<&>\"")
                .anyMatch(text -> text.startsWith("write-1 "));
    }

    @Test
    void what_a_system_cannot_do_is_said_where_its_bars_would_be() throws Exception {
        Document chart = parse(BenchChart.svg(List.of(
                new Measured(Workload.FOLLOW_1, "cairn", List.of(run(1000, 90)), ""),
                new Measured(Workload.FOLLOW_1, "hdfs", List.of(), "not measured: why"))));
        assertThat(all(chart, "rect", "bar")).hasSize(2);
        assertThat(texts(chart)).contains("not measured: why");
    }

    @Test
    void numbers_have_a_point_wherever_we_are() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(BenchChart.svg(TWO_SYSTEMS)).contains("width=\"72.5\"");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void nothing_measured_is_an_empty_page() throws Exception {
        assertThat(all(parse(BenchChart.svg(List.of())), "rect", "bar")).isEmpty();
    }

    private static Run run(double rate, double cpu) {
        return new Run(rate, cpu, 0, 0, 0);
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<Element> all(Document chart, String tag, String kind) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = chart.getElementsByTagName(tag);
        for (int i = 0; i < nodes.getLength(); i++) {
            Element element = (Element) nodes.item(i);
            if (element.getAttribute("class").equals(kind)) {
                found.add(element);
            }
        }
        return found;
    }

    private static List<String> texts(Document chart) {
        return all(chart, "text", "").stream().map(Element::getTextContent).toList();
    }

    private static List<Double> numbers(List<Element> elements, String attribute) {
        return elements.stream()
                .map(each -> Double.valueOf(each.getAttribute(attribute)))
                .toList();
    }

    private static List<Double> ends(Element whisker) {
        Matcher path = WHISKER.matcher(whisker.getAttribute("d"));
        assertThat(path.matches()).isTrue();
        return List.of(Double.valueOf(path.group(1)), Double.valueOf(path.group(2)));
    }
}
