package cairn.simulation.scale;

/** What befalls a large cell. */
enum Scenario {
    SERVER("a server dies (GFS 6.2.5, the first experiment)"),
    PAIR("two servers die at once; some chunks have one replica left (GFS 6.2.5, the second experiment)"),
    RACK("all servers of a rack die"),
    EXPANSION("a tenth more servers join, empty"),
    RESTART("the master dies and is started again");

    private final String meaning;

    Scenario(String meaning) {
        this.meaning = meaning;
    }

    String meaning() {
        return meaning;
    }
}
