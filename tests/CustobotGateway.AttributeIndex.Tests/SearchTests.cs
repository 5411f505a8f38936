namespace CustobotGateway.AttributeIndex.Tests;

public sealed class SearchTests
{
    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 700)]
    [InlineData(3, 5_000)]
    [InlineData(4, 40_000)]
    public void A_search_means_the_same_as_reading_every_document(int seed, int count)
    {
        var random = new RandomIndex(seed);
        var documents = Enumerable.Range(1, count).Select(id => random.Document(id)).ToList();
        var index = Build(documents);

        for (var i = 0; i < (count > 10_000 ? 25 : 150); i++)
        {
            NaiveIndex.AssertSame(documents, index.Current, random.Plan());
        }
    }

    [Theory]
    [InlineData(11, 3_000, 60)]
    [InlineData(12, 20_000, 12)]
    public void Changes_are_seen_exactly_as_if_the_index_were_built_anew(int seed, int count, int rounds)
    {
        var random = new RandomIndex(seed);
        var documents = Enumerable.Range(1, count).Select(id => random.Document(id)).ToDictionary(document => document.Id);
        var index = Build(documents.Values);
        var next = count + 1L;

        for (var round = 0; round < rounds; round++)
        {
            foreach (var id in documents.Keys.Where(_ => random.Chance(0.01)).ToList())
            {
                switch (random.Next(4))
                {
                    case 0:
                        documents.Remove(id);
                        index.Remove(id);
                        continue;
                    case 1:
                        documents[id] = random.Document(id);
                        break;
                    default:
                        documents[id] = random.Changed(documents[id]);
                        break;
                }
                documents[id].WriteTo(index.Documents);
            }
            for (var added = random.Next(40); added > 0; added--, next++)
            {
                documents[next] = random.Document(next);
                documents[next].WriteTo(index.Documents);
            }
            index.Commit();

            Assert.Equal(documents.Count, index.Current.Count);
            for (var i = 0; i < 4; i++)
            {
                NaiveIndex.AssertSame(documents.Values, index.Current, random.Plan());
            }
        }
        Assert.All(documents.Keys.Take(500), id => Assert.True(index.Current.TryFind(id, out var found) && index.Current.GetId(found) == id));
    }

    [Fact]
    public void A_large_tail_is_laid_out_anew_while_changes_go_on()
    {
        var random = new RandomIndex(21);
        var documents = Enumerable.Range(1, 20_000).Select(id => random.Document(id)).ToDictionary(document => document.Id);
        var index = Build(documents.Values);

        for (var next = 20_001L; next < 45_000; next += 1_000)
        {
            for (var id = next; id < next + 1_000; id++)
            {
                documents[id] = random.Document(id);
                documents[id].WriteTo(index.Documents);
            }
            documents[next - 10_000] = random.Changed(documents[next - 10_000]);
            documents[next - 10_000].WriteTo(index.Documents);
            index.Commit();
            Assert.Equal(documents.Count, index.Current.Count);
            NaiveIndex.AssertSame(documents.Values, index.Current, random.Plan());
        }
        for (var i = 0; i < 20; i++)
        {
            NaiveIndex.AssertSame(documents.Values, index.Current, random.Plan());
        }
    }

    [Fact]
    public void A_snapshot_never_changes_under_its_reader()
    {
        var random = new RandomIndex(31);
        var documents = Enumerable.Range(1, 2_000).Select(id => random.Document(id)).ToList();
        var index = Build(documents);
        var before = index.Current;

        foreach (var document in documents.Take(300))
        {
            random.Changed(document).WriteTo(index.Documents);
        }
        index.Remove(1_500);
        index.Commit();

        NaiveIndex.AssertSame(documents, before, random.Plan());
        Assert.Equal(2_000, before.Count);
        Assert.Equal(1_999, index.Current.Count);
    }

    [Fact]
    public void Pages_by_cursor_give_every_document_once_while_others_come_and_go()
    {
        var random = new RandomIndex(41);
        var documents = Enumerable.Range(1, 1_500).Select(id => random.Document(id)).ToList();
        var index = Build(documents);
        var seen = new List<long>();
        PageEnd? after = null;

        for (var next = 10_000; ; next++)
        {
            var result = new SearchResult();
            index.Current.Search(new SearchPlan { Sort = [new(SortSource.Column, RandomIndex.Brand, true), new(SortSource.Column, RandomIndex.Few, false)], Size = 40, After = after }, result);
            seen.AddRange(result.Hits.Select(hit => hit.Id).Where(id => id <= 1_500));
            if (result.End is null)
            {
                break;
            }
            after = result.End;
            random.Document(next).WriteTo(index.Documents);
            index.Commit();
        }

        Assert.Equal(documents.Select(document => document.Id), seen.Order());
    }

    [Fact]
    public void Facets_can_be_counted_over_another_condition()
    {
        var random = new RandomIndex(51);
        var documents = Enumerable.Range(1, 3_000).Select(id => random.Document(id)).ToList();
        var index = Build(documents);
        var without = new NumberRange(RandomIndex.Many, 100, 500);
        var result = new SearchResult();

        index.Current.Search(new SearchPlan
        {
            Filter = new AllOf(without, new KeywordIn(RandomIndex.Category, "category 1")),
            Facets = [new FacetRequest(RandomIndex.Category) { Over = without }, new FacetRequest(RandomIndex.Category)],
        }, result);

        Assert.Equal(7, result.Facets[0].Values.Count);
        Assert.Equal(documents.Count(document => NaiveIndex.Matches(document, without)), result.Facets[0].Values.Sum(value => value.Count));
        Assert.Equal((1, result.Total), (result.Facets[1].Values.Count, result.Facets[1].Values[0].Count));
    }

    [Fact]
    public void Facets_of_very_many_values_are_counted_exactly_too()
    {
        var documents = Enumerable.Range(1, 70_000).Select(id => new NaiveDocument
        {
            Id = id,
            Numbers = { [RandomIndex.Many] = id / 100.0, [RandomIndex.Few] = id % 3 },
            Terms = { [RandomIndex.Brand] = ["key " + (id % 69_000)] },
        }).ToList();
        var index = Build(documents);

        NaiveIndex.AssertSame(documents, index.Current, new SearchPlan
        {
            Filter = new NumberRange(RandomIndex.Few, 1, 2),
            Facets = [new FacetRequest(RandomIndex.Brand), new FacetRequest(RandomIndex.Few), new FacetRequest(RandomIndex.Many), new FacetRequest(RandomIndex.Brand) { Limit = 3 }],
        });
    }

    [Fact]
    public void Ranges_are_half_open()
    {
        var index = Build([.. new[] { 1.0, 2, 2, 3.5, 4 }.Select((value, i) => new NaiveDocument { Id = i, Numbers = { [RandomIndex.Many] = value } })]);
        var result = new SearchResult();

        index.Current.Search(new SearchPlan { Facets = [new FacetRequest(RandomIndex.Many) { Values = false, Ranges = [new(double.NegativeInfinity, 2), new(2, 4), new(4, double.PositiveInfinity)] }] }, result);

        Assert.Equal([1L, 3, 1], result.Facets[0].Ranges);
    }

    private static IndexWriter Build(IEnumerable<NaiveDocument> documents)
    {
        var index = new IndexWriter(RandomIndex.Schema);
        foreach (var document in documents)
        {
            document.WriteTo(index.Documents);
        }
        index.Commit();
        return index;
    }
}
