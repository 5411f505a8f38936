namespace CustobotGateway.AttributeIndex.Tests;

public sealed class TextTests
{
    private static readonly IndexSchema Schema = new(
        [new("name", ColumnKind.Text, FullText: true), new("note", ColumnKind.Text, FullText: true, Language: "en"), new("nota", ColumnKind.Text, FullText: true, Language: "es-MX")]);

    [Theory]
    [InlineData("cafetera", "Cafetera ITALIANA", true)]
    [InlineData("CAFÉ", "Molinillo de cafe", true)]
    [InlineData("cafe", "Molinillo de café", true)]
    [InlineData("grosse", "Große Kanne", true)]
    [InlineData("27 monitor", "Monitor 27-inch", true)]
    [InlineData("monit", "Monitor 27-inch", false)]
    [InlineData("monitor chair", "Monitor 27-inch", false)]
    [InlineData("クッション", "白い クッション", true)]
    [InlineData("quoted", "a \"quoted\\ name", true)]
    public void Words_are_found_without_regard_to_case_accents_and_signs(string query, string name, bool found)
    {
        var index = Index((0, name));

        Assert.Equal(found ? 1 : 0, index.CountMatches(new TextMatch(query)));
    }

    [Theory]
    [InlineData(0, "chairs", "chair", false)]
    [InlineData(1, "chairs", "chair", true)]
    [InlineData(1, "batteries", "battery", true)]
    [InlineData(1, "boxes", "box", true)]
    [InlineData(1, "gaming", "game", true)]
    [InlineData(1, "glass", "glas", false)]
    [InlineData(2, "sillas", "silla", true)]
    [InlineData(2, "luces", "luz", true)]
    public void Inflections_are_folded_only_where_a_column_names_its_language(int column, string text, string query, bool found)
    {
        var index = Index((column, text));

        Assert.Equal(found ? 1 : 0, index.CountMatches(new TextMatch(query)));
    }

    [Fact]
    public void One_word_is_enough_where_any_is_asked()
    {
        var index = Index((0, "oak chair"), (0, "steel chair"), (0, "oak table"));

        Assert.Equal(3, index.CountMatches(new TextMatch("oak chair", anyWord: true)));
        Assert.Equal(1, index.CountMatches(new TextMatch("oak chair")));
    }

    [Fact]
    public void The_score_is_BM25_and_the_weights_of_the_preferences_that_are_met()
    {
        var index = Index((0, "quiet pump"), (0, "pump"), (0, "loud steel pump with hose"));
        var match = new TextMatch("quiet");
        var result = new SearchResult();

        index.Search(new SearchPlan { Filter = match, Scoring = match, Preferences = [new(new Exists(0), 2.5)], Sort = [new(SortSource.Score, 0, true)] }, result);

        // N = 3, n = 1, average length 8/3: ln(1 + 2.5 / 1.5) * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2 / (8/3))) + 2.5
        var expected = (Math.Log(1 + (2.5 / 1.5)) * 2.2 / (1 + (1.2 * (0.25 + (0.75 * 2 / (8.0 / 3)))))) + 2.5;
        Assert.Equal(expected, Assert.Single(result.Hits).Score, 1e-12);
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(91.02, "91.02")]
    [InlineData(-0.05, "-0.05")]
    [InlineData(4000000000006, "4000000000006")]
    [InlineData(1234567.123456789, "1234567.123456789")]
    [InlineData(1767225600, "1767225600")]
    [InlineData(100, "100")]
    public void Numbers_come_back_as_they_were_given(double value, string json)
    {
        var index = new IndexWriter(new IndexSchema([new("n", ColumnKind.Number)]));
        index.Documents.Begin(1);
        index.Documents.Number(0, value);
        index.Documents.End();
        index.Commit();
        Span<byte> text = stackalloc byte[32];

        Assert.True(index.Current.TryFind(1, out var document));
        Assert.True(index.Current.TryFormatNumber(document, 0, text, out var written));
        Assert.Equal(json, System.Text.Encoding.ASCII.GetString(text[..written]));
        Assert.Equal(1, index.Current.CountMatches(new NumberRange(0, value, value)));
        Assert.Equal(0, index.Current.CountMatches(new NumberRange(0, double.BitIncrement(value), double.PositiveInfinity)));
    }

    private static IndexSnapshot Index(params (int Column, string Text)[] documents)
    {
        var index = new IndexWriter(Schema);
        for (var i = 0; i < documents.Length; i++)
        {
            index.Documents.Begin(i);
            index.Documents.Text(documents[i].Column, System.Text.Encoding.UTF8.GetBytes(documents[i].Text));
            index.Documents.End();
        }
        return index.Commit();
    }
}
