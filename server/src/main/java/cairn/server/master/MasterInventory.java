package cairn.server.master;

/**
 * What a master has under way at one moment. Of one whose cell is whole and that nobody uses, all but connections are 0;
 * what stays otherwise has been lost.
 *
 * @param connections that others have made to it
 * @param calls that are not answered yet
 * @param establishments versions being brought up
 * @param copies replicas being copied
 */
public record MasterInventory(int connections, int calls, int establishments, int copies) {}
