using System.Text.Json;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;
using CustobotGateway.Common;

namespace CustobotGateway.Search;

/// <summary>Writes the answer to a search: <see cref="SearchResponse"/> as UTF-8, straight from the index, without objects in between.</summary>
internal static class SearchWriter
{
    private const int MostExpected = 16;

    /// <summary>Writes the answer.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="search">What was asked.</param>
    /// <param name="result">What the index answered.</param>
    /// <param name="cursors">Makes <c>page.next</c>.</param>
    /// <param name="explanation">What explains it, or null.</param>
    public static void Write(SearchOutput output, BoundSearch search, SearchResult result, CursorKey cursors, SearchExplanation? explanation)
    {
        var snapshot = search.Catalog.Snapshot;
        ExpectHits(search, snapshot, result);
        output.Add("{\"total\":"u8);
        output.Add(result.Total);
        output.Add(",\"total_relation\":\"exact\",\"catalog_version\":"u8);
        output.AddAsciiString(search.Catalog.Version);
        output.Add(",\"products\":["u8);
        for (var i = 0; i < result.Hits.Count; i++)
        {
            if (i > 0)
            {
                output.Add((byte)',');
            }
            WriteHit(output, search, snapshot, result.Hits[i], explanation?.OfHit(i));
        }
        output.Add("],\"facets\":{"u8);
        for (var i = 0; i < search.Facets.Count; i++)
        {
            if (i > 0)
            {
                output.Add((byte)',');
            }
            WriteFacet(output, snapshot, search.Facets[i], search.Plan.Facets[i], result.Facets[i]);
        }
        output.Add("},\"page\":{\"next\":"u8);
        if (result.End is { } end)
        {
            output.AddAsciiString(cursors.Write(end, search.Fingerprint));
        }
        else
        {
            output.Add("null"u8);
        }
        output.Add("},\"relaxations\":"u8);
        if (explanation is { IsOfEmptyAnswer: true })
        {
            output.Add(JsonSerializer.SerializeToUtf8Bytes(explanation.Relaxations, Json.Options));
            output.Add(",\"excluded_by\":"u8);
            output.Add(JsonSerializer.SerializeToUtf8Bytes(explanation.ExcludedBy, Json.Options));
        }
        else
        {
            output.Add("[]"u8);
        }
        if (search.Request.Applied is { Count: > 0 } applied)
        {
            output.Add(",\"applied_preferences\":"u8);
            output.Add(JsonSerializer.SerializeToUtf8Bytes(applied, Json.Options));
            output.Add((byte)'}');
            return;
        }
        output.Add(",\"applied_preferences\":[]}"u8);
    }

    private static void ExpectHits(BoundSearch search, IndexSnapshot snapshot, SearchResult result)
    {
        Span<int> columns = stackalloc int[MostExpected];
        columns[0] = IndexedCatalog.ExternalIdColumn;
        var count = 1;
        for (var i = 0; i < search.Select.Count && count + 2 <= columns.Length; i++)
        {
            columns[count++] = search.Select[i].Column;
            if (search.Select[i].Type == AttributeType.Money)
            {
                columns[count++] = search.Select[i].CurrencyColumn;
            }
        }
        snapshot.Expect(result.Hits, columns[..count]);
    }

    private static void WriteHit(SearchOutput output, BoundSearch search, IndexSnapshot snapshot, in Hit hit, IReadOnlyList<ConditionOutcome>? outcomes)
    {
        output.Add("{\"id\":"u8);
        WriteId(output, hit.Id);
        output.Add(",\"external_id\":"u8);
        WriteExternalId(output, snapshot, hit.Document);
        output.Add(",\"score\":"u8);
        output.AddScore(hit.Score);
        output.Add(",\"attributes\":{"u8);
        var start = output.Length;
        if (search.SelectsId)
        {
            output.Add("\"id\":"u8);
            WriteId(output, hit.Id);
            output.Add((byte)',');
        }
        if (search.SelectsExternalId)
        {
            output.Add("\"external_id\":"u8);
            WriteExternalId(output, snapshot, hit.Document);
            output.Add((byte)',');
        }
        for (var i = 0; i < search.Select.Count; i++)
        {
            var before = output.Length;
            output.Add(search.Select[i].KeyJson);
            if (ValueWriter.TryWrite(output, snapshot, hit.Document, search.Select[i]))
            {
                output.Add((byte)',');
            }
            else
            {
                output.BackTo(before);
            }
        }
        if (output.Length > start)
        {
            output.BackTo(output.Length - 1);
        }
        output.Add((byte)'}');
        if (outcomes is not null)
        {
            output.Add(",\"explain\":"u8);
            output.Add(JsonSerializer.SerializeToUtf8Bytes(outcomes, Json.Options));
        }
        output.Add((byte)'}');
    }

    internal static void WriteId(SearchOutput output, long id)
    {
        var room = output.Reserve(20);
        room[0] = (byte)'"';
        var written = Ids.WriteNumber("prd"u8, id, room[1..]);
        room[written + 1] = (byte)'"';
        output.Advance(written + 2);
    }

    internal static void WriteExternalId(SearchOutput output, IndexSnapshot snapshot, DocumentRef document)
    {
        Span<int> term = stackalloc int[1];
        output.Add(snapshot.GetTerms(document, IndexedCatalog.ExternalIdColumn, term) == 0 ? "\"\""u8 : snapshot.TermJson(IndexedCatalog.ExternalIdColumn, term[0]));
    }

    private static void WriteFacet(SearchOutput output, IndexSnapshot snapshot, in BoundFacet facet, FacetRequest request, FacetResult result)
    {
        var attribute = facet.Attribute;
        output.Add(attribute.KeyJson);
        output.Add((byte)'{');
        if (attribute.Type is AttributeType.Measure or AttributeType.Duration)
        {
            output.Add("\"unit\":"u8);
            output.Add(attribute.UnitJson);
            output.Add((byte)',');
        }
        if (facet.HasValues)
        {
            WriteFacetValues(output, snapshot, facet, result);
        }
        output.Add("\"missing\":"u8);
        output.Add(result.Missing);
        if (request.Ranges.Count > 0)
        {
            output.Add(",\"ranges\":["u8);
            for (var i = 0; i < request.Ranges.Count; i++)
            {
                output.Add(i == 0 ? "{"u8 : ",{"u8);
                WriteBound(output, "\"from\":"u8, facet, request.Ranges[i].From);
                WriteBound(output, "\"to\":"u8, facet, request.Ranges[i].To);
                output.Add("\"count\":"u8);
                output.Add(result.Ranges[i]);
                output.Add((byte)'}');
            }
            output.Add((byte)']');
        }
        if (request.Statistics)
        {
            output.Add(",\"stats\":{\"count\":"u8);
            output.Add(result.Count);
            if (result.Count > 0)
            {
                output.Add(",\"min\":"u8);
                ValueWriter.Write(output, attribute, result.Minimum, facet.Currency);
                output.Add(",\"max\":"u8);
                ValueWriter.Write(output, attribute, result.Maximum, facet.Currency);
            }
            output.Add((byte)'}');
        }
        output.Add((byte)'}');
    }

    private static void WriteFacetValues(SearchOutput output, IndexSnapshot snapshot, in BoundFacet facet, FacetResult result)
    {
        output.Add("\"values\":["u8);
        for (var i = 0; i < result.Values.Count; i++)
        {
            var value = result.Values[i];
            output.Add(i == 0 ? "{\"value\":"u8 : ",{\"value\":"u8);
            if (value.Term >= 0)
            {
                output.Add(snapshot.TermJson(facet.Attribute.Column, value.Term));
            }
            else
            {
                ValueWriter.Write(output, facet.Attribute, value.Number, facet.Currency);
            }
            output.Add(",\"count\":"u8);
            output.Add(value.Count);
            output.Add((byte)'}');
        }
        output.Add("],\"other\":"u8);
        output.Add(result.Other);
        output.Add((byte)',');
    }

    private static void WriteBound(SearchOutput output, ReadOnlySpan<byte> name, in BoundFacet facet, double bound)
    {
        if (double.IsFinite(bound))
        {
            output.Add(name);
            ValueWriter.Write(output, facet.Attribute, bound, facet.Currency);
            output.Add((byte)',');
        }
    }
}
