using System.Runtime.InteropServices;
using CustobotGateway.AttributeIndex.Columns;

namespace CustobotGateway.AttributeIndex;

/// <summary>Changes to the rows of one chunk, gathered so that each touched column is copied once.</summary>
internal sealed class ChunkEdit(Chunk chunk, IndexSchema schema)
{
    private readonly List<int> _removed = [];
    private readonly Dictionary<int, List<(int Row, double? Value)>> _numbers = [];
    private readonly Dictionary<int, List<(int Row, int Term)>> _terms = [];

    public void Remove(int row) => _removed.Add(row);

    /// <summary>
    /// Notes what differs in a document. False, and nothing noted, when the difference is in a text, a set, a place, a full-text term or the cluster:
    /// then the document has to move.
    /// </summary>
    public bool TryChange(int row, in StoredRow document)
    {
        var seen = new bool[schema.Columns.Count];
        var numbers = new List<(int Column, double? Value)>();
        var terms = new List<(int Column, int Term)>();
        var sets = new Dictionary<int, HashSet<int>>();
        var cells = new CellReader(document.Cells, schema.Columns);
        while (cells.MoveNext())
        {
            seen[cells.Column] = true;
            switch (cells.Kind)
            {
                case ColumnKind.Number:
                    if (!(chunk[cells.Column] is CodeColumn values && values.CodeAt(row) is > 0 and var code && values.Numbers![code - 1] == cells.Number))
                    {
                        numbers.Add((cells.Column, cells.Number));
                    }
                    break;
                case ColumnKind.Keyword:
                    if (chunk[cells.Column] is CodeColumn coded && coded.CodeAt(row) is > 0 and var old && coded.Terms![old - 1] == cells.Term)
                    {
                        break;
                    }
                    if (IsBound(cells.Column))
                    {
                        return false;
                    }
                    terms.Add((cells.Column, cells.Term));
                    break;
                case ColumnKind.KeywordSet:
                    (sets.TryGetValue(cells.Column, out var set) ? set : sets[cells.Column] = []).Add(cells.Term);
                    break;
                case ColumnKind.Geo:
                    var (latitude, longitude) = cells.Geo;
                    if (!(chunk[cells.Column] is GeoColumn geo && geo.Has(row)
                        && Math.Abs(geo[row].Latitude - latitude) < 1e-7 && Math.Abs(geo[row].Longitude - longitude) < 1e-7))
                    {
                        return false;
                    }
                    break;
                default:
                    if (!(chunk[cells.Column] is TextColumn text && text[row].SequenceEqual(cells.Literal)))
                    {
                        return false;
                    }
                    break;
            }
        }
        if (!SameSets(row, sets) || !NoteMissing(row, seen, numbers, terms))
        {
            return false;
        }
        foreach (var (column, value) in numbers)
        {
            ListOf(_numbers, column).Add((row, value));
        }
        foreach (var (column, term) in terms)
        {
            ListOf(_terms, column).Add((row, term));
        }
        return true;
    }

    public Chunk Finish()
    {
        var replaced = new Dictionary<int, Column>();
        foreach (var (column, changes) in _numbers)
        {
            replaced[column] = (chunk[column] as CodeColumn ?? EmptyNumbers).WithNumbers(CollectionsMarshal.AsSpan(changes));
        }
        foreach (var (column, changes) in _terms)
        {
            replaced[column] = (chunk[column] as CodeColumn ?? EmptyTerms).WithTerms(CollectionsMarshal.AsSpan(changes));
        }
        return chunk.With(_removed, replaced);
    }

    private static CodeColumn EmptyNumbers { get; } = new() { StartWord = 0, EndWord = 0, Filled = 0, Narrow = [], Numbers = NumberValues.Create([]), Histogram = [] };

    private static CodeColumn EmptyTerms { get; } = new() { StartWord = 0, EndWord = 0, Filled = 0, Narrow = [], Terms = [], Histogram = [] };

    private bool IsBound(int column) => column == schema.ClusterBy || schema.Columns[column].FullText;

    private bool SameSets(int row, Dictionary<int, HashSet<int>> sets)
    {
        foreach (var (column, terms) in sets)
        {
            if (chunk[column] is not SetColumn set)
            {
                return false;
            }
            var old = new int[set.Terms.Length];
            if (!terms.SetEquals(old[..set.CopyTerms(row, old)]))
            {
                return false;
            }
        }
        return true;
    }

    // Columns that have a value which the new document has no more.
    private bool NoteMissing(int row, bool[] seen, List<(int Column, double? Value)> numbers, List<(int Column, int Term)> terms)
    {
        for (var column = 0; column < chunk.ColumnCount; column++)
        {
            if (seen[column] || chunk[column] is not { } values || !values.Has(row))
            {
                continue;
            }
            switch (schema.Columns[column].Kind)
            {
                case ColumnKind.Number:
                    numbers.Add((column, null));
                    break;
                case ColumnKind.Keyword when !IsBound(column):
                    terms.Add((column, -1));
                    break;
                default:
                    return false;
            }
        }
        return true;
    }

    private static List<T> ListOf<T>(Dictionary<int, List<T>> lists, int column) =>
        lists.TryGetValue(column, out var list) ? list : lists[column] = [];
}
