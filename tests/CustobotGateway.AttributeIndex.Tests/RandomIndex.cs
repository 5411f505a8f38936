namespace CustobotGateway.AttributeIndex.Tests;

/// <summary>Random documents, searches and changes from a seed, over columns of every kind and density.</summary>
internal sealed class RandomIndex(int seed)
{
    public const int Category = 0;
    public const int Brand = 1;
    public const int Few = 2;
    public const int Many = 3;
    public const int FewTerms = 4;
    public const int ManyTerms = 5;
    public const int Place = 6;
    public const int Name = 7;
    public const int Rare = 8;
    public const int Flag = 9;
    public const int Large = 10;

    private static readonly string[] Vocabulary = ["quiet", "monitor", "chair", "red", "oak", "café", "\"quoted\"", "a\\b", "zinc", "pump"];

    public static IndexSchema Schema { get; } = new(
        [
            new("category", ColumnKind.Keyword), new("brand", ColumnKind.Keyword), new("few", ColumnKind.Number), new("many", ColumnKind.Number),
            new("few_terms", ColumnKind.KeywordSet), new("many_terms", ColumnKind.KeywordSet), new("place", ColumnKind.Geo),
            new("name", ColumnKind.Text, FullText: true), new("rare", ColumnKind.Number), new("flag", ColumnKind.Number), new("large", ColumnKind.Number),
        ], Category);

    private readonly Random _random = new(seed);

    public NaiveDocument Document(long id)
    {
        var document = new NaiveDocument { Id = id };
        var category = _random.Next(7);
        document.Terms[Category] = ["category " + category];
        if (Chance(0.9))
        {
            document.Terms[Brand] = ["brand " + (int)Math.Pow(400, _random.NextDouble())];
        }
        if (Chance(0.8))
        {
            document.Numbers[Few] = _random.Next(-3, 9) / 2.0;
        }
        if (Chance(0.9))
        {
            document.Numbers[Many] = _random.Next(100_000) / 100.0;
        }
        if (category < 3 && Chance(0.8))
        {
            document.Terms[FewTerms] = Some("few ", 12);
        }
        if (Chance(0.6))
        {
            document.Terms[ManyTerms] = Some("many ", 150);
        }
        if (Chance(0.5))
        {
            document.Places[Place] = (Math.Round((_random.NextDouble() * 170) - 85, 4), Math.Round((_random.NextDouble() * 358) - 179, 4));
        }
        if (Chance(0.95))
        {
            document.Texts[Name] = string.Join(' ', Enumerable.Range(0, _random.Next(1, 5)).Select(_ => Vocabulary[_random.Next(6)]));
        }
        if (Chance(0.01))
        {
            document.Numbers[Rare] = _random.Next(5);
        }
        if (Chance(0.7))
        {
            document.Numbers[Flag] = _random.Next(2);
        }
        if (Chance(0.4))
        {
            document.Numbers[Large] = 4_000_000_000_000 + _random.Next(50_000_000);
        }
        return document;
    }

    /// <summary>The document with some of its single values changed, so that it can stay in its place.</summary>
    public NaiveDocument Changed(NaiveDocument document)
    {
        var changed = Document(document.Id);
        foreach (var column in new[] { Category, FewTerms, ManyTerms })
        {
            changed.Terms.Remove(column);
            if (document.Terms.TryGetValue(column, out var terms))
            {
                changed.Terms[column] = terms;
            }
        }
        changed.Places.Clear();
        foreach (var (column, place) in document.Places)
        {
            changed.Places[column] = place;
        }
        changed.Texts.Clear();
        foreach (var (column, text) in document.Texts)
        {
            changed.Texts[column] = text;
        }
        return changed;
    }

    public SearchPlan Plan()
    {
        var sort = Enumerable.Range(0, _random.Next(3)).Select(_ => Chance(0.1)
            ? new SortKey(SortSource.Id, 0, Chance(0.5))
            : new SortKey(SortSource.Column, new[] { Brand, Few, Many, Rare, Flag, Large, Category }[_random.Next(7)], Chance(0.5))).ToList();
        return new SearchPlan
        {
            Filter = Chance(0.05) ? null : new AllOf([.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Condition(0))]),
            Sort = sort,
            Offset = _random.Next(3) * 7,
            Size = _random.Next(30),
            Facets = [.. Enumerable.Range(0, 4).Select(_ => Facet())],
        };
    }

    public Filter Condition(int depth)
    {
        var kind = _random.Next(depth > 2 ? 9 : 12);
        var unknown = Chance(0.8) ? UnknownPolicy.Exclude : (UnknownPolicy)_random.Next(1, 3);
        return kind switch
        {
            0 => new KeywordIn(Category, [.. Some("category ", 8)]) { Unknown = unknown },
            1 => new KeywordIn(Brand, [.. Enumerable.Range(0, _random.Next(1, 60)).Select(_ => "brand " + _random.Next(410))]) { Unknown = unknown },
            2 => Range(new[] { Few, Many, Rare, Flag, Large }[_random.Next(5)], unknown),
            3 => new NumberIn(Chance(0.5) ? Few : Many, [.. Enumerable.Range(0, _random.Next(1, 30)).Select(_ => _random.Next(-6, 1000) / 2.0)]) { Unknown = unknown },
            4 => new KeywordIn(Chance(0.5) ? FewTerms : ManyTerms, [.. Some(Chance(0.5) ? "few " : "many ", 20)]) { Unknown = unknown },
            5 => new KeywordAll(Chance(0.5) ? FewTerms : ManyTerms, [.. Some("few ", 5).Take(2)]) { Unknown = unknown },
            6 => new Within(Place, _random.Next(-80, 80), _random.Next(-170, 170), Math.Pow(10, 3 + (4 * _random.NextDouble()))) { Unknown = unknown },
            7 => Chance(0.5) ? new Exists(new[] { Brand, Few, FewTerms, ManyTerms, Place, Name, Rare }[_random.Next(7)]) : new KeywordPrefix(Chance(0.5) ? Brand : Name, Chance(0.5) ? "brand 1" : "red"),
            8 => new TextMatch(string.Join(' ', Enumerable.Range(0, _random.Next(1, 3)).Select(_ => new[] { "quiet", "monitor", "chair", "red", "oak", "nowhere" }[_random.Next(6)])), Chance(0.3)),
            9 => new AnyOf([.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Condition(depth + 1))]),
            10 => new Not(Condition(depth + 1)),
            _ => new AllOf([.. Enumerable.Range(0, _random.Next(0, 4)).Select(_ => Condition(depth + 1))]),
        };
    }

    public bool Chance(double probability) => _random.NextDouble() < probability;

    public int Next(int end) => _random.Next(end);

    private NumberRange Range(int column, UnknownPolicy unknown)
    {
        var (scale, start) = column switch { Few => (7.0, -2.0), Many => (1000, 0), Rare => (5, 0), Flag => (1, 0), _ => (50_000_000, 4e12) };
        var low = Math.Round(start + (scale * _random.NextDouble()), 2);
        var high = Math.Round(low + (scale * _random.NextDouble()), 2);
        return _random.Next(3) switch
        {
            0 => new NumberRange(column, low, double.PositiveInfinity) { Unknown = unknown },
            1 => new NumberRange(column, double.NegativeInfinity, high) { Unknown = unknown },
            _ => new NumberRange(column, double.BitIncrement(low), high) { Unknown = unknown },
        };
    }

    private FacetRequest Facet()
    {
        var column = _random.Next(Schema.Columns.Count);
        column = column is Place or Name ? Brand : column;
        return new FacetRequest(column) { Limit = _random.Next(1, 20), Values = Chance(0.8), Statistics = Schema.Columns[column].Kind == ColumnKind.Number && Chance(0.5) };
    }

    private List<string> Some(string prefix, int of) => [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => prefix + _random.Next(of)).Distinct()];
}
