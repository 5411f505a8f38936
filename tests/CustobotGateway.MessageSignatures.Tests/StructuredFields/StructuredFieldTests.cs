using CustobotGateway.MessageSignatures.StructuredFields;

namespace CustobotGateway.MessageSignatures.Tests.StructuredFields;

/// <summary>Structured fields are read as RFC 9651 says, or not at all.</summary>
public sealed class StructuredFieldTests
{
    // Read and written again: left as received, right in the one spelling of RFC 9651 §4.1.
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a=?1", "a")]
    [InlineData("a=?0", "a=?0")]
    [InlineData("a=1 , b=2\t,\tc", "a=1, b=2, c")]
    [InlineData("a=1;x;y=2", "a=1;x;y=2")]
    [InlineData("a=1;  x;y=2;x=3", "a=1;x=3;y=2")]
    [InlineData("a=1, b=2, a=3", "a=3, b=2")]
    [InlineData("a=(\"x\"   y;p 1.50  );q", "a=(\"x\" y;p 1.5);q")]
    [InlineData("a=()", "a=()")]
    [InlineData("a=\"quo\\\"ted \\\\ text\"", "a=\"quo\\\"ted \\\\ text\"")]
    [InlineData("a=:aGVsbG8=:", "a=:aGVsbG8=:")]
    [InlineData("a=::", "a=::")]
    [InlineData("a=@1659578233", "a=@1659578233")]
    [InlineData("a=-999999999999999", "a=-999999999999999")]
    [InlineData("a=00012.5", "a=12.5")]
    [InlineData("a=-0.001", "a=-0.001")]
    [InlineData("a=text/html:x", "a=text/html:x")]
    [InlineData("a=%\"f%c3%bc%c3%bc\"", "a=%\"f%c3%bc%c3%bc\"")]
    [InlineData("*a-_.*=1", "*a-_.*=1")]
    public void Dictionary_is_read_and_written_in_one_spelling(string received, string written)
    {
        Assert.True(StructuredField.TryReadDictionary(received, out var dictionary));

        Assert.Equal(written, FieldWriter.Write(dictionary));
    }

    [Theory]
    [InlineData("A=1")]
    [InlineData("a=")]
    [InlineData("a=1,")]
    [InlineData("a=1, ")]
    [InlineData(",a=1")]
    [InlineData("a=1 b=2")]
    [InlineData("a =1")]
    [InlineData("a= 1")]
    [InlineData("1a=1")]
    [InlineData("a=\"unfinished")]
    [InlineData("a=\"bad \\escape\"")]
    [InlineData("a=\"ünïcode\"")]
    [InlineData("a=\"tab\tinside\"")]
    [InlineData("a=:aGVsbG8:")]
    [InlineData("a=:aGVs bG8=:")]
    [InlineData("a=:aGVsbG9=:")]
    [InlineData("a=:aGVsbG8=")]
    [InlineData("a=:not_base64:")]
    [InlineData("a=?2")]
    [InlineData("a=?")]
    [InlineData("a=1.")]
    [InlineData("a=.5")]
    [InlineData("a=1.2345")]
    [InlineData("a=1234567890123.1")]
    [InlineData("a=1234567890123456")]
    [InlineData("a=-")]
    [InlineData("a=--1")]
    [InlineData("a=@1.5")]
    [InlineData("a=(1 2")]
    [InlineData("a=(1,2)")]
    [InlineData("a=(1\t2)")]
    [InlineData("a=((1))")]
    [InlineData("a=(\"x\"\"y\")")]
    [InlineData("a=1;X=2")]
    [InlineData("a=1;")]
    [InlineData("a=1 ;x")]
    [InlineData("a=%\"%C3%BC\"")]
    [InlineData("a=%\"%ff\"")]
    [InlineData("a=%\"%c\"")]
    [InlineData("a=not base64")]
    [InlineData("a\0=1")]
    public void Malformed_dictionary_is_nothing(string received) => Assert.False(StructuredField.TryReadDictionary(received, out _));

    [Fact]
    public void Member_keeps_the_text_that_was_received()
    {
        Assert.True(StructuredField.TryReadDictionary("  a=( \"x\"  \"y\" ); p=1 ,b;q=?1", out var dictionary));

        Assert.Equal("( \"x\"  \"y\" ); p=1", dictionary.Find("a")!.Raw);
        Assert.Equal(";q=?1", dictionary.Find("b")!.Raw);
    }

    [Fact]
    public void Repeated_key_is_told()
    {
        Assert.True(StructuredField.TryReadDictionary("a=1, a=2", out var twice));
        Assert.True(StructuredField.TryReadDictionary("a=1, b=2", out var once));

        Assert.True(twice.HasRepeated);
        Assert.False(once.HasRepeated);
    }

    [Fact]
    public void Capital_letters_in_keys_are_read_only_when_they_are_allowed()
    {
        Assert.False(StructuredField.TryReadDictionary("a=1;keyId=\"k\"", out _));
        Assert.True(StructuredField.TryReadDictionary("a=1;keyId=\"k\"", out var dictionary, Capitals.InParameters));
        Assert.False(StructuredField.TryReadDictionary("A=1;keyId=\"k\"", out _, Capitals.InParameters));
        Assert.True(StructuredField.TryReadDictionary("A=1;key=\"k\"", out _, Capitals.InKeys));
        Assert.True(dictionary.Find("a")!.Parameters.TryGet("keyId", out var value));
        Assert.Equal("k", value.Text);
    }

    [Fact]
    public void What_is_longer_than_any_sender_needs_is_refused()
    {
        Assert.True(StructuredField.TryReadDictionary("a=\"" + new string('x', StructuredField.MostCharacters - 4) + "\"", out _));
        Assert.False(StructuredField.TryReadDictionary("a=\"" + new string('x', StructuredField.MostCharacters - 3) + "\"", out _));
        Assert.True(StructuredField.TryReadDictionary(string.Join(",", Enumerable.Range(0, StructuredField.MostMembers).Select(i => $"a{i}")), out _));
        Assert.False(StructuredField.TryReadDictionary(string.Join(",", Enumerable.Range(0, StructuredField.MostMembers + 1).Select(i => $"a{i}")), out _));
        Assert.False(StructuredField.TryReadDictionary("a" + string.Concat(Enumerable.Range(0, StructuredField.MostParameters + 1).Select(i => $";p{i}")), out _));
        Assert.False(StructuredField.TryReadDictionary("a=(" + string.Concat(Enumerable.Repeat("1 ", StructuredField.MostMembers + 1)) + ")", out _));
    }

    [Theory]
    [InlineData("1, (2 3);a, \"x\"", "1, (2 3);a, \"x\"")]
    [InlineData("tok;a=?1", "tok;a")]
    public void List_is_read_and_written(string received, string written)
    {
        Assert.True(StructuredField.TryReadList(received, out var members));

        Assert.Equal(written, FieldWriter.Write(members));
    }

    [Theory]
    [InlineData("\"x\"", true)]
    [InlineData("  12;a  ", true)]
    [InlineData("12, 13", false)]
    [InlineData("(1)", false)]
    [InlineData("", false)]
    public void Item_stands_alone(string received, bool isItem) => Assert.Equal(isItem, StructuredField.TryReadItem(received, out _));
}
