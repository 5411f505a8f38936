using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CustobotGateway.GraphQLDoor.Operations;

/// <summary>The docstrings of the records, which the REST contract's descriptions are made of, too.</summary>
internal sealed partial class DocComments
{
    private readonly Dictionary<string, XElement> _members = [];

    public DocComments()
    {
        var file = Path.Combine(AppContext.BaseDirectory, typeof(DocComments).Assembly.GetName().Name + ".xml");
        foreach (var member in XDocument.Load(file).Root!.Element("members")!.Elements("member"))
        {
            _members[member.Attribute("name")!.Value] = member;
        }
    }

    /// <summary>What a type is; null where nothing is written.</summary>
    public string? Of(Type type) => Text(Find("T:" + NameOf(type))?.Element("summary"));

    /// <summary>What a member is: of a record the parameter that it is made by, else its own summary.</summary>
    public string? Of(MemberInfo member)
    {
        var type = member.DeclaringType!;
        return Text(Find("T:" + NameOf(type))?.Elements("param").FirstOrDefault(parameter => parameter.Attribute("name")?.Value == member.Name))
            ?? Text(Find($"{(member is FieldInfo ? 'F' : 'P')}:{NameOf(type)}.{member.Name}")?.Element("summary"));
    }

    private XElement? Find(string id) => _members.GetValueOrDefault(id);

    private static string NameOf(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string? Text(XElement? element) =>
        element is null ? null : Spaces().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim() is { Length: > 0 } text ? text : null;

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" or "paramref" } reference => Referred((reference.Attribute("cref") ?? reference.Attribute("name") ?? reference.Attribute("langword"))?.Value ?? reference.Value),
        XElement other => string.Concat(other.Nodes().Select(Text)),
        _ => "",
    };

    // T:Some.Type is called as the type, P:Some.Type.Member as the field that the schema makes of it.
    private static string Referred(string reference)
    {
        var name = reference[(reference.LastIndexOf('.') + 1)..];
        return name.Length == 0 ? reference : reference.StartsWith("T:", StringComparison.Ordinal) ? name : $"`{char.ToLowerInvariant(name[0])}{name[1..]}`";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
