import "@mantine/dropzone/styles.layer.css";
import { Button, Input, Loader, Slider, TextInput, UnstyledButton } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { useDisclosure } from "@mantine/hooks";
import { IconPhotoPlus } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { StoredFile } from "../../../server/files/schema.ts";
import { useUploadImage } from "../../api/files.ts";
import { asProblem } from "../../api/problem.ts";
import { useWords } from "../../ui/language.tsx";
import { LiquidField } from "../campaigns/LiquidField.tsx";
import { machine } from "../providers/machine.ts";
import { AddressField } from "./AddressField.tsx";
import { AlignChoice, type FieldsProps, useWorded } from "./blockParts.tsx";
import type { BlockOf } from "./blocks.ts";
import designStyles from "./DesignEditor.module.css";
import { ImageLibrary } from "./ImageLibrary.tsx";
import styles from "./Images.module.css";
import { faultOfImage, imageTypes, isOurImage, maxImageBytes } from "./images.ts";

/** An image: which, what stands in its place, where it leads and how wide it is. */
export function ImageFields({ block, onChange, faults }: FieldsProps<BlockOf<"image">>) {
  const { strings, format } = useWords();
  const texts = strings.email.image;
  const worded = useWorded(faults);
  const latest = useRef({ block, onChange });
  latest.current = { block, onChange };
  // An upload takes a while, in which the other fields are written on.
  const take = (src: string) => latest.current.onChange({ ...latest.current.block, src });
  const { url, ...plain } = block;
  return (
    <>
      <Source src={block.src} onChange={take} error={worded("/src")} />
      <LiquidField
        label={texts.alt}
        hint={texts.altHint}
        maxLength={500}
        value={block.alt}
        onChange={(alt) => onChange({ ...block, alt })}
        error={worded("/alt")}
      />
      <AddressField
        value={url ?? ""}
        onChange={(next) => onChange(next === "" ? plain : { ...block, url: next })}
        error={worded("/url")}
      />
      <div className={designStyles.pair}>
        <Input.Wrapper label={texts.width} labelElement="div">
          <Slider
            thumbLabel={texts.width}
            min={10}
            max={100}
            step={5}
            label={(value) => format.percent(value, 100)}
            value={block.width}
            onChange={(width) => onChange({ ...block, width })}
          />
        </Input.Wrapper>
        <AlignChoice align={block.align} onChange={(align) => onChange({ ...block, align })} />
      </div>
    </>
  );
}

interface SourceProps {
  src: string;
  onChange(src: string): void;
  error: string | undefined;
}

/** Which image: dropped, chosen, uploaded before, or by its address. */
function Source({ src, onChange, error }: SourceProps) {
  const { strings, format } = useWords();
  const texts = strings.email.image;
  const upload = useUploadImage();
  const [fault, setFault] = useState<string | null>(null);
  const [isAddressing, setAddressing] = useState(src !== "" && !isOurImage(src));
  const [isLibrary, library] = useDisclosure(false);
  const most = format.bytes(maxImageBytes);
  const choose = (file: StoredFile) => {
    setFault(null);
    setAddressing(false);
    onChange(file.path);
    library.close();
  };
  const take = ([file]: File[]) => {
    if (file === undefined) return;
    const wrong = faultOfImage(file);
    if (wrong !== null) return setFault(wrong === "tooLarge" ? texts.tooLarge(most) : texts.wrongType);
    setFault(null);
    upload.mutate(file, {
      onSuccess: choose,
      onError: (problem) => setFault(asProblem(problem).detail || texts.failed),
    });
  };
  const isShown = isOurImage(src) && !isAddressing;
  return (
    <Input.Wrapper error={fault ?? error} errorProps={{ role: "alert" }}>
      {isShown ? (
        <div className={styles.chosen}>
          <img src={src} alt="" className={styles.image} />
          <Button variant="default" size="xs" onClick={() => onChange("")}>
            {texts.another}
          </Button>
        </div>
      ) : isAddressing ? (
        <TextInput
          label={texts.address}
          placeholder="https://example.com/banner.png"
          attributes={machine}
          maxLength={2000}
          value={src}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      ) : (
        <Dropzone
          onDrop={take}
          multiple={false}
          disabled={upload.isPending}
          classNames={{ root: styles.zone ?? "", inner: styles.inner ?? "" }}
          inputProps={{ accept: imageTypes.join(","), "aria-label": texts.drop }}
          aria-label={texts.drop}
        >
          {upload.isPending ? <Loader size={22} /> : <IconPhotoPlus size={22} stroke={1.6} aria-hidden />}
          <span role="status">{upload.isPending ? texts.uploading : texts.drop}</span>
          <span className="faint">{texts.dropHint(most)}</span>
        </Dropzone>
      )}
      {!isShown && (
        <div className={styles.others}>
          <UnstyledButton className="text-link" onClick={library.open}>
            {texts.library}
          </UnstyledButton>
          <UnstyledButton className="text-link" onClick={() => setAddressing(!isAddressing)}>
            {isAddressing ? texts.drop : texts.byAddress}
          </UnstyledButton>
        </div>
      )}
      <ImageLibrary isOpen={isLibrary} onClose={library.close} onChoose={choose} />
    </Input.Wrapper>
  );
}
