namespace CustobotGateway.AttributeIndex;

/// <summary>In which order clusters lie next to each other.</summary>
internal static class Clustering
{
    private const int Sample = 20_000;

    /// <summary>
    /// Clusters that share the term of a coarser column (the departments of categories) come together, so that a condition on that
    /// column, too, reads one range. The column is found in the data: every document has it, and its term follows from the cluster.
    /// </summary>
    public static Func<int, int> Order(List<StoredRow> rows, IndexSchema schema, Dictionaries dictionaries)
    {
        if (schema.ClusterBy < 0)
        {
            return _ => 0;
        }
        var clusters = dictionaries[schema.ClusterBy].Count;
        var parents = Parents(rows, schema, clusters);
        var order = Enumerable.Range(0, clusters).OrderBy(cluster => parents[cluster]).ThenBy(cluster => cluster).ToArray();
        var rank = new int[clusters + 1];
        for (var i = 0; i < order.Length; i++)
        {
            rank[order[i] + 1] = i + 1;
        }
        return cluster => rank[cluster + 1];
    }

    private static int[] Parents(List<StoredRow> rows, IndexSchema schema, int clusters)
    {
        var columns = schema.Columns.Count;
        var terms = new int[columns][];
        var seen = new int[columns];
        var possible = new bool[columns];
        for (var column = 0; column < columns; column++)
        {
            possible[column] = column != schema.ClusterBy && schema.Columns[column].Kind == ColumnKind.Keyword;
            terms[column] = possible[column] ? new int[clusters] : [];
            Array.Fill(terms[column], -1);
        }
        var step = Math.Max(1, rows.Count / Sample);
        var sampled = 0;
        for (var i = 0; i < rows.Count; i += step)
        {
            if (rows[i].Cluster < 0)
            {
                continue;
            }
            sampled++;
            var cells = new CellReader(rows[i].Cells, schema.Columns);
            while (cells.MoveNext())
            {
                if (possible[cells.Column])
                {
                    ref var term = ref terms[cells.Column][rows[i].Cluster];
                    possible[cells.Column] = term < 0 || term == cells.Term;
                    term = cells.Term;
                    seen[cells.Column]++;
                }
            }
        }
        var best = -1;
        var fewest = int.MaxValue;
        for (var column = 0; column < columns; column++)
        {
            if (possible[column] && seen[column] == sampled && sampled > 0)
            {
                var distinct = terms[column].Where(term => term >= 0).Distinct().Count();
                if (distinct is > 1 && distinct < fewest)
                {
                    (best, fewest) = (column, distinct);
                }
            }
        }
        return best < 0 ? new int[clusters] : terms[best];
    }
}
